#include "speech/search.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/error.hpp"

namespace asrbench::speech {
namespace {

constexpr float kNever = -std::numeric_limits<float>::infinity();

void forbid(std::span<float> logits) { std::fill(logits.begin(), logits.end(), kNever); }

float largest(const kernels::Kernels& kernels, std::span<const float> logits) {
  return kernels.max(logits.data(), logits.size());
}

// ln of the summed exponentials, -infinity where all logits are.
double log_sum_exp(const kernels::Kernels& kernels, std::span<const float> logits) {
  const float highest = largest(kernels, logits);
  if (highest == kNever) return highest;
  return highest + std::log(double{kernels.sum_exp(logits.data(), highest, logits.size())});
}

}  // namespace

void obey(const kernels::Kernels& kernels, const Tokenizer& tokenizer, const Config& config,
          std::span<const int> sampled, std::span<float> logits) {
  const auto begin = static_cast<std::size_t>(tokenizer.timestamp_begin);
  const std::span<float> text = logits.first(begin);
  const std::span<float> times = logits.subspan(begin);
  const auto is_time = [&](int token) { return token >= tokenizer.timestamp_begin; };

  for (const int id : config.suppress_ids) logits[static_cast<std::size_t>(id)] = kNever;
  logits[static_cast<std::size_t>(tokenizer.no_timestamps)] = kNever;
  if (sampled.empty()) {
    forbid(text);
    for (const int id : config.suppress_ids_begin) logits[static_cast<std::size_t>(id)] = kNever;
    if (times.size() > kMaxInitialTimestamp + 1) forbid(times.subspan(kMaxInitialTimestamp + 1));
    return;
  }
  const bool last = is_time(sampled.back());
  if (last && (sampled.size() < 2 || is_time(sampled[sampled.size() - 2]))) {
    forbid(times);  // a pair is complete, or the window has just begun: something is said next
    return;
  }
  const auto latest =
      static_cast<std::size_t>(*std::max_element(sampled.begin(), sampled.end())) - begin;
  if (last) {  // a segment has ended: the next one begins, or the text ends
    forbid(text.first(static_cast<std::size_t>(tokenizer.eot)));
    forbid(times.first(latest));
  } else {
    forbid(times.first(latest + 1));
  }
  if (log_sum_exp(kernels, times) > largest(kernels, text)) forbid(text);
}

Decoded greedy(const Weights& weights, const Tokenizer& tokenizer, const Config& config,
               std::span<const int> prompt, Decoder& decoder, KvCache& cache, Cancel& cancel,
               AttentionTap* tap) {
  const kernels::Kernels& kernels = *weights.kernels;
  Decoded result;
  Buffer<float> logits(weights.dims.vocabulary);
  const auto follow = [&](int token) {
    const auto start = Cancel::Clock::now();
    decoder.step(token, cache, cancel, logits);
    result.decoder_s += std::chrono::duration<double>(Cancel::Clock::now() - start).count();
  };
  decoder.listen(tap);
  double total = 0;
  for (std::size_t i = 0; i < prompt.size(); ++i) {
    follow(prompt[i]);
    if (i == 0) {  // <|startoftranscript|>
      const double all = log_sum_exp(kernels, logits);
      result.no_speech_prob =
          std::exp(double{logits[static_cast<std::size_t>(tokenizer.no_speech)]} - all);
    }
  }
  const std::size_t most = weights.dims.text_context / 2;
  for (std::size_t step = 0; step < most; ++step) {
    obey(kernels, tokenizer, config, result.tokens, logits);
    const auto best = std::max_element(logits.begin(), logits.end());
    if (*best == kNever) {
      fail<EngineError>("no token may follow the ", result.tokens.size(),
                        " of this window; expected one: config.json suppresses too many");
    }
    total += *best - log_sum_exp(kernels, logits);
    const auto token = static_cast<int>(best - logits.begin());
    if (token == tokenizer.eot) break;
    result.tokens.push_back(token);
    if (tap) result.frames.push_back(tap->peak());  // of the step that led to it
    if (step + 1 < most) follow(token);
  }
  result.avg_log_prob = std::min(0.0, total / static_cast<double>(result.tokens.size() + 1));
  result.no_speech_prob = std::min(1.0, result.no_speech_prob);
  return result;
}

}  // namespace asrbench::speech
