#include "speech/continuation.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "core/error.hpp"

namespace asrbench::speech {
namespace {

void expect_standing(const Tokenizer& tokenizer, std::span<const int> standing, std::size_t most) {
  if (standing.empty()) return;
  if (standing.front() < tokenizer.timestamp_begin) {
    fail<OptionError>("the first standing token is ", standing.front(),
                      "; expected a timestamp, at least ", tokenizer.timestamp_begin);
  }
  for (const int token : standing) {
    const bool text = token >= 0 && token < tokenizer.eot;
    const bool time = token >= tokenizer.timestamp_begin && token < tokenizer.size;
    if (!text && !time) {
      fail<OptionError>("a standing token is ", token, "; expected text, below ", tokenizer.eot,
                        ", or a timestamp, ", tokenizer.timestamp_begin, " to ",
                        tokenizer.size - 1);
    }
  }
  if (standing.size() > most) {
    fail<OptionError>(standing.size(), " tokens stand; expected at most ", most,
                      ", half the text context");
  }
}

}  // namespace

Continued continue_text(Search& search, std::span<const int> prompt, std::span<const int> standing,
                        std::size_t most) {
  expect_standing(search.tokenizer, standing, search.weights.dims.text_context / 2);
  Opening opening = open(search, prompt);
  Buffer<float> logits = std::move(opening.logits);
  const MatrixView row{logits.data(), 1, logits.size(), logits.size()};
  if (!standing.empty()) search.read(standing, row);

  Continued result;
  result.no_speech_prob = opening.no_speech_prob;
  std::vector<int> sampled(standing.begin(), standing.end());
  most = std::min(most, opening.most - std::min(opening.most, standing.size()));
  double total = 0;
  while (result.tokens.size() < most) {
    const double all = search.allow(sampled, logits);
    const auto best = std::max_element(logits.begin(), logits.end());
    const double log_prob = std::min(0.0, *best - all);
    total += log_prob;
    const auto token = static_cast<int>(best - logits.begin());
    if (token == search.tokenizer.eot) break;
    result.tokens.push_back(token);
    result.probabilities.push_back(std::exp(log_prob));
    result.frames.push_back(search.decoder.tap()->peak());  // of the step that led to it
    sampled.push_back(token);
    if (result.tokens.size() < most) search.step(std::span(&token, 1), row);
  }
  result.avg_log_prob = total / static_cast<double>(result.tokens.size() + 1);
  return result;
}

}  // namespace asrbench::speech
