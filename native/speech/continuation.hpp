// Greedy search behind text that stands: what a stream has committed is not asked again.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "core/cancel.hpp"
#include "speech/config.hpp"
#include "speech/decoder.hpp"
#include "speech/kv_cache.hpp"
#include "speech/tokenizer.hpp"

namespace asrbench::speech {

struct Continued {
  std::vector<int> tokens;            // behind those that stand, without end-of-text
  std::vector<double> probabilities;  // of each, among those that were allowed
  std::vector<std::size_t> frames;    // that the tap's heads saw most as each was chosen
  double avg_log_prob = 0;            // of them and of what ended them
  double no_speech_prob = 0;          // of <|nospeech|> behind <|startoftranscript|>
};

// What follows the prompt and `standing`, which begins with a timestamp if it is not empty: the
// likeliest token at each step until end-of-text, at most `most` of them, and at most half the text
// context with those that stand. The tap is for the window's frames of audio. Throws OptionError
// for standing tokens that no window begins with, and as greedy().
[[nodiscard]] Continued continue_text(const Weights& weights, const Tokenizer& tokenizer,
                                      const Config& config, std::span<const int> prompt,
                                      std::span<const int> standing, std::size_t most,
                                      Decoder& decoder, KvCache& cache, AttentionTap& tap,
                                      Cancel& cancel);

}  // namespace asrbench::speech
