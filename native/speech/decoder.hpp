// The decoder: encoder states and the tokens so far to the logits of the next one.
#pragma once

#include <span>
#include <vector>

#include "core/cancel.hpp"
#include "core/matrix.hpp"
#include "core/thread_pool.hpp"
#include "speech/attention_tap.hpp"
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

// Decodes token by token over one cache.
class Decoder {
 public:
  Decoder(const Weights& weights, ThreadPool& pool);

  // Appends the token to the cache. `logits` (vocabulary) gets the scores of what follows it; an
  // empty span leaves them out. Throws OptionError for a token outside the vocabulary or a full
  // cache, and EngineError where a logit is not finite.
  void step(int token, KvCache& cache, Cancel& cancel, std::span<float> logits);

  // Leaves what the tap's heads see in each step from now on; null: nobody asks. It is borrowed.
  void listen(AttentionTap* tap) { tap_ = tap; }

 private:
  void attend_to_text(const DecoderLayer& layer, KvCache::Layer& cached, std::size_t position,
                      Cancel& cancel);
  void attend_to_audio(std::size_t layer, const KvCache::Layer& cached, Cancel& cancel);
  void feed_forward(const DecoderLayer& layer, Cancel& cancel);
  void multiply(const kernels::Linear& linear, const Buffer<float>& x, std::span<float> y,
                Cancel& cancel, kernels::Activation activation = kernels::Activation::kNone,
                bool add = false);

  const Weights& weights_;
  ThreadPool& pool_;
  AttentionTap* tap_ = nullptr;
  Buffer<float> x_;         // (state)
  Buffer<float> normed_;    // (state)
  Buffer<float> query_;     // (3 state): query, key and value
  Buffer<float> attended_;  // (state)
  Buffer<float> hidden_;    // (4 state)
  Matrix scores_;           // (heads, text_context)
  kernels::Operand operand_;
  std::vector<AttentionScratch> attention_;  // for each thread
};

}  // namespace asrbench::speech
