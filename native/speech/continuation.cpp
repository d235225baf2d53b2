#include "speech/continuation.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/error.hpp"
#include "speech/search.hpp"

namespace asrbench::speech {
namespace {

constexpr float kNever = -std::numeric_limits<float>::infinity();

// ln of the summed exponentials of logits, the largest of which is given.
double log_sum_exp(const kernels::Kernels& kernels, std::span<const float> logits, float highest) {
  return highest + std::log(double{kernels.sum_exp(logits.data(), highest, logits.size())});
}

void expect_standing(const Weights& weights, const Tokenizer& tokenizer,
                     std::span<const int> standing) {
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
  const std::size_t most = weights.dims.text_context / 2;
  if (standing.size() > most) {
    fail<OptionError>(standing.size(), " tokens stand; expected at most ", most,
                      ", half the text context");
  }
}

// Takes the tap away again: it is gone before the decoder is.
class Listening {
 public:
  explicit Listening(Decoder& decoder) : decoder_(decoder) {}
  ~Listening() { decoder_.listen(nullptr); }
  Listening(const Listening&) = delete;
  Listening& operator=(const Listening&) = delete;

 private:
  Decoder& decoder_;
};

}  // namespace

Continued continue_text(const Weights& weights, const Tokenizer& tokenizer, const Config& config,
                        std::span<const int> prompt, std::span<const int> standing,
                        std::size_t most, Decoder& decoder, KvCache& cache, AttentionTap& tap,
                        Cancel& cancel) {
  expect_standing(weights, tokenizer, standing);
  const kernels::Kernels& kernels = *weights.kernels;
  Continued result;
  Buffer<float> logits(weights.dims.vocabulary);
  std::vector<int> given(prompt.begin(), prompt.end());
  given.insert(given.end(), standing.begin(), standing.end());
  const Listening listening(decoder);
  for (std::size_t i = 0; i < given.size(); ++i) {
    if (i + 1 == given.size()) decoder.listen(&tap);
    const bool asked = i == 0 || i + 1 == given.size();
    decoder.step(given[i], cache, cancel, asked ? std::span<float>(logits) : std::span<float>());
    if (i == 0) {  // <|startoftranscript|>
      const float highest = kernels.max(logits.data(), logits.size());
      const double all = log_sum_exp(kernels, logits, highest);
      result.no_speech_prob = std::min(
          1.0, std::exp(double{logits[static_cast<std::size_t>(tokenizer.no_speech)]} - all));
    }
  }
  std::vector<int> sampled(standing.begin(), standing.end());
  most = std::min(most, weights.dims.text_context / 2 - standing.size());
  double total = 0;
  while (result.tokens.size() < most) {
    obey(kernels, tokenizer, config, sampled, logits);
    const auto best = std::max_element(logits.begin(), logits.end());
    if (*best == kNever) {
      fail<EngineError>("no token may follow the ", sampled.size(),
                        " of this window; expected one: config.json suppresses too many");
    }
    const double log_prob = std::min(0.0, *best - log_sum_exp(kernels, logits, *best));
    total += log_prob;
    const auto token = static_cast<int>(best - logits.begin());
    if (token == tokenizer.eot) break;
    result.tokens.push_back(token);
    result.frames.push_back(tap.peak());  // of the step that led to it
    result.probabilities.push_back(std::exp(log_prob));
    sampled.push_back(token);
    if (result.tokens.size() < most) decoder.step(token, cache, cancel, logits);
  }
  result.avg_log_prob = total / static_cast<double>(result.tokens.size() + 1);
  return result;
}

}  // namespace asrbench::speech
