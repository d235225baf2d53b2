#include "speech/search.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "core/error.hpp"
#include "speech/rules.hpp"

namespace asrbench::speech {
namespace {

class Timing {
 public:
  explicit Timing(double& seconds) : seconds_(seconds) {}
  ~Timing() { seconds_ += std::chrono::duration<double>(Cancel::Clock::now() - start_).count(); }
  Timing(const Timing&) = delete;
  Timing& operator=(const Timing&) = delete;

 private:
  double& seconds_;
  Cancel::Clock::time_point start_ = Cancel::Clock::now();
};

}  // namespace

void Search::step(std::span<const int> tokens, MatrixView logits) {
  const Timing timing(decoder_s);
  decoder.step(tokens, cache, cancel, logits);
}

void Search::read(std::span<const int> tokens, MatrixView logits) {
  const Timing timing(decoder_s);
  decoder.read(tokens, cache, cancel, logits);
}

double Search::allow(std::span<const int> sampled, std::span<float> logits) const {
  obey(*weights.kernels, tokenizer, config, max_initial_timestamp, sampled, logits);
  const double all = log_sum_exp(*weights.kernels, logits);
  if (all == kNever) {
    fail<EngineError>("no token may follow the ", sampled.size(),
                      " of this window; expected one: config.json suppresses too many");
  }
  return all;
}

Opening open(Search& search, std::span<const int> prompt) {
  const std::size_t vocabulary = search.weights.dims.vocabulary;
  const std::size_t context = search.weights.dims.text_context;
  const auto sot = std::ranges::find(prompt, search.tokenizer.sot);
  Matrix logits(static_cast<std::size_t>(prompt.end() - sot), vocabulary);
  search.read(prompt, logits.view());
  const std::span<const float> first{logits.row(0), vocabulary};
  const float* const last = logits.row(logits.rows() - 1);
  const double all = log_sum_exp(*search.weights.kernels, first);
  const double no_speech =
      std::exp(double{first[static_cast<std::size_t>(search.tokenizer.no_speech)]} - all);
  return {Buffer<float>(last, last + vocabulary), prompt.size(),
          std::min(context / 2, context + 1 - prompt.size()), std::min(1.0, no_speech)};
}

Decoded decoded(const Opening& opening, std::vector<int> tokens, double log_prob) {
  const double average = std::min(0.0, log_prob / static_cast<double>(tokens.size() + 1));
  return {std::move(tokens), average, opening.no_speech_prob, 0.0, std::nullopt};
}

Decoded greedy(Search& search, const Opening& opening) {
  Buffer<float> logits = opening.logits;
  std::vector<int> tokens;
  double log_prob = 0;
  while (true) {
    const double all = search.allow(tokens, logits);
    const auto best = std::max_element(logits.begin(), logits.end());
    log_prob += *best - all;
    const auto token = static_cast<int>(best - logits.begin());
    if (token == search.tokenizer.eot) break;
    tokens.push_back(token);
    if (tokens.size() == opening.most) break;
    search.step(std::span(&token, 1), {logits.data(), 1, logits.size(), logits.size()});
  }
  return decoded(opening, std::move(tokens), log_prob);
}

}  // namespace asrbench::speech
