#include "speech/options.hpp"

#include <algorithm>
#include <cmath>

#include "core/error.hpp"

namespace asrbench::speech {
namespace {

void expect_count(const char* name, std::size_t count) {
  if (count < 1 || count > kMostTexts) {
    fail<OptionError>(name, " is ", count, "; expected 1 to ", kMostTexts);
  }
}

void expect_within(const char* name, double value, double least, double most) {
  if (!(value >= least && value <= most)) {
    fail<OptionError>(name, " is ", value, "; expected ", least, " to ", most);
  }
}

void expect_number(const char* name, const std::optional<double>& value) {
  if (value && std::isnan(*value)) fail<OptionError>(name, " is nan; expected a number");
}

void expect_tokens(const char* name, const std::vector<int>& tokens, int text_tokens) {
  for (const int token : tokens) {
    if (token < 0 || token >= text_tokens) {
      fail<OptionError>(name, " has token ", token, "; expected 0 to ", text_tokens - 1);
    }
  }
}

}  // namespace

void check(const Options& options, int text_tokens) {
  expect_count("beam_size", options.beam_size);
  expect_count("best_of", options.best_of);
  expect_within("patience", options.patience, 0.0, 100.0);
  if (std::lround(static_cast<double>(options.beam_size) * options.patience) < 1) {
    fail<OptionError>("patience is ", options.patience, "; expected at least ",
                      0.5 / static_cast<double>(options.beam_size), ", so that a text is wanted");
  }
  expect_within("length_penalty", options.length_penalty, 0.0, 10.0);
  if (options.temperatures.empty()) fail<OptionError>("temperatures are none; expected one");
  for (const double temperature : options.temperatures) {
    expect_within("a temperature", temperature, 0.0, 10.0);
  }
  expect_number("compression_ratio", options.compression_ratio);
  expect_number("avg_log_prob", options.avg_log_prob);
  expect_number("no_speech_prob", options.no_speech_prob);
  expect_within("prompt_reset_temperature", options.prompt_reset_temperature, 0.0, 10.0);
  expect_within("max_initial_timestamp_s", options.max_initial_timestamp_s, 0.0, 30.0);
  expect_tokens("prompt", options.prompt, text_tokens);
  expect_tokens("hotwords", options.hotwords, text_tokens);
}

std::size_t lanes(const Options& options) {
  const bool draws = std::ranges::any_of(options.temperatures, [](double t) { return t > 0; });
  const bool searches = std::ranges::any_of(options.temperatures, [](double t) { return t == 0; });
  return std::max(searches ? options.beam_size : 1, draws ? options.best_of : 1);
}

}  // namespace asrbench::speech
