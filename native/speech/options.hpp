// What may be chosen about a transcription; the defaults are greedy and fall back on nothing.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace asrbench::speech {

struct Options {
  // Bytes of a text to those of its zlib stream: how often it repeats itself. The core has no zlib.
  using Compression = std::function<double(const std::string&)>;

  std::optional<std::string> language = "en";  // matters to multilingual models; none: detected
  bool translate = false;                      // to English

  std::size_t beam_size = 1;    // texts that are kept at temperature 0; 1 is greedy
  double patience = 1.0;        // so many times beam_size texts end before the search does
  double length_penalty = 1.0;  // a text's log-probability is divided by its length to this power
  std::size_t best_of = 5;      // texts that are drawn above temperature 0

  // Tried in this order until a window's text is neither too repetitive nor too unlikely.
  std::vector<double> temperatures = {0.0};
  std::optional<double> compression_ratio = 2.4;  // above it a text is too repetitive
  std::optional<double> avg_log_prob = -1.0;      // below it a text is too unlikely
  // A window is skipped as silent if its no-speech probability is above this and its average
  // log-probability not above the last.
  std::optional<double> no_speech_prob = 0.6;
  Compression compression = nullptr;  // without it no text is too repetitive

  std::vector<int> prompt;                  // tokens said to precede the audio
  std::vector<int> hotwords;                // tokens said to precede every window
  bool condition_on_previous_text = false;  // each window follows the text of those before
  double prompt_reset_temperature = 0.5;    // unless that was drawn at a temperature above this

  double max_initial_timestamp_s = 1.0;  // a window begins within so many seconds
  std::uint64_t seed = 0;                // of what is drawn
};

inline constexpr std::size_t kMostTexts = 64;  // side by side

// Throws OptionError for a value that has no meaning; token ids are below `text_tokens`.
void check(const Options& options, int text_tokens);

// Texts that a window's search has side by side at most.
[[nodiscard]] std::size_t lanes(const Options& options);

}  // namespace asrbench::speech
