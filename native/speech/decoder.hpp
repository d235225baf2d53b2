// The decoder: encoder states and the tokens so far to the logits of the next one.
#pragma once

#include <span>
#include <vector>

#include "core/cancel.hpp"
#include "core/matrix.hpp"
#include "core/thread_pool.hpp"
#include "speech/kv_cache.hpp"
#include "speech/weights.hpp"

namespace asrbench::speech {

// The cross keys and values of a window without audio, for each layer of the decoder.
using PaddedCross = std::vector<KeyValues>;

// Fills the cache's cross keys and values from a window's states (audio_context, state), and
// forgets the text. Where `padded` is given, `states` may be the beginning only, whole groups of
// rows, and the places behind it are the padding's.
void attend_to(const Weights& weights, ConstView states, const PaddedCross* padded, KvCache& cache,
               ThreadPool& pool, Cancel& cancel);

// Decodes token by token over one cache, the texts of all lanes at once.
class Decoder {
 public:
  // At most `lanes` texts side by side.
  Decoder(const Weights& weights, ThreadPool& pool, std::size_t lanes = 1);

  // Appends tokens[i] to the text of lane i. `logits` (tokens, vocabulary) gets the scores of what
  // follows each; without rows they are left out. Throws OptionError for a token outside the
  // vocabulary or a full cache, and EngineError where a logit is not finite.
  void step(std::span<const int> tokens, KvCache& cache, Cancel& cancel, MatrixView logits);

  // The same for one text, in lane 0; an empty span leaves the logits out.
  void step(int token, KvCache& cache, Cancel& cancel, std::span<float> logits) {
    step(std::span(&token, 1), cache, cancel,
         {logits.data(), logits.empty() ? 0U : 1U, logits.size(), logits.size()});
  }

  // Appends all tokens to the text of lane 0, several at once. `logits` gets the scores of what
  // follows the last ones, as many as it has rows.
  void read(std::span<const int> tokens, KvCache& cache, Cancel& cancel, MatrixView logits);

 private:
  struct Place {  // of a token that is worked on
    int token;
    std::size_t lane;
    std::size_t position;
    std::vector<KvCache::Run> runs;  // the rows of the text up to it
  };

  void check(std::span<const int> tokens, std::size_t positions, const KvCache& cache,
             MatrixView logits) const;
  void advance(std::span<Place> places, KvCache& cache, Cancel& cancel, MatrixView logits);
  void attend_to_text(const DecoderLayer& layer, KvCache::Layer& cached,
                      std::span<const Place> places, Cancel& cancel);
  void attend_to_audio(const DecoderLayer& layer, const KvCache::Layer& cached, std::size_t rows,
                       Cancel& cancel);
  void feed_forward(const DecoderLayer& layer, std::size_t rows, Cancel& cancel);
  void multiply(const kernels::Linear& linear, ConstView x, MatrixView y, Cancel& cancel,
                kernels::Activation activation = kernels::Activation::kNone, bool add = false);

  const Weights& weights_;
  ThreadPool& pool_;
  std::vector<Place> places_;  // the most that are worked on at once; so many rows have these:
  Matrix x_;                   // (rows, state)
  Matrix normed_;              // (rows, state)
  Matrix query_;               // (rows, 3 state): query, key and value
  Matrix attended_;            // (rows, state)
  Matrix hidden_;              // (rows, 4 state)
  Matrix scores_;              // (threads, text_context)
  Matrix part_;                // (threads, state / heads): what a run of rows adds
  kernels::Operand operand_;
  std::vector<AttentionScratch> attention_;  // for each thread
};

}  // namespace asrbench::speech
