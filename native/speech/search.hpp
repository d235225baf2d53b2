// Chooses the tokens of a window: greedily, under Whisper's rules about timestamps.
//
// The rules are ApplyTimestampRules of OpenAI's whisper, whisper/decoding.py.
#pragma once

#include <span>
#include <vector>

#include "core/cancel.hpp"
#include "speech/config.hpp"
#include "speech/decoder.hpp"
#include "speech/kv_cache.hpp"
#include "speech/tokenizer.hpp"

namespace asrbench::speech {

inline constexpr int kMaxInitialTimestamp = 50;  // steps of 20 ms: a window begins within 1 s

struct Decoded {
  std::vector<int> tokens;          // without end-of-text
  double avg_log_prob = 0;          // natural logarithm a token, end-of-text counted as one
  double no_speech_prob = 0;        // of <|nospeech|> behind <|startoftranscript|>
  double decoder_s = 0;             // seconds spent in the decoder; the rest was the search's own
  std::vector<std::size_t> frames;  // where the tap's heads looked most for each of the tokens
};

// Sets the logits (vocabulary) of what may not follow the tokens sampled in this window to
// -infinity: `sampled`, if not empty, begins with a timestamp. Timestamps come in pairs, except
// before end-of-text; no segment ends before or where it began, none begins before the last one's
// end; a window begins with a timestamp of at most 1 s; and where all timestamps together are
// likelier than the likeliest other token, one of them it is.
void obey(const kernels::Kernels& kernels, const Tokenizer& tokenizer, const Config& config,
          std::span<const int> sampled, std::span<float> logits);

// The likeliest token at each step until end-of-text, at most half the text context, over a cache
// that attends to the window. `tap`, if given, listens to the decoder meanwhile and fills the
// frames. Throws EngineError if no token is allowed.
[[nodiscard]] Decoded greedy(const Weights& weights, const Tokenizer& tokenizer,
                             const Config& config, std::span<const int> prompt, Decoder& decoder,
                             KvCache& cache, Cancel& cancel, AttentionTap* tap = nullptr);

}  // namespace asrbench::speech
