// Greedy search behind text that stands: what a stream has committed is not asked again.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "speech/search.hpp"

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
// context with those that stand. A tap listens to the decoder. Throws OptionError for standing
// tokens that no window begins with, and EngineError if no token is allowed.
[[nodiscard]] Continued continue_text(Search& search, std::span<const int> prompt,
                                      std::span<const int> standing, std::size_t most);

}  // namespace asrbench::speech
