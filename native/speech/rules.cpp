#include "speech/rules.hpp"

#include <algorithm>
#include <cmath>

namespace asrbench::speech {
namespace {

void forbid(std::span<float> logits) { std::fill(logits.begin(), logits.end(), kNever); }

float largest(const kernels::Kernels& kernels, std::span<const float> logits) {
  return kernels.max(logits.data(), logits.size());
}

}  // namespace

double log_sum_exp(const kernels::Kernels& kernels, std::span<const float> logits) {
  const float highest = largest(kernels, logits);
  if (highest == kNever) return highest;
  return highest + std::log(double{kernels.sum_exp(logits.data(), highest, logits.size())});
}

void obey(const kernels::Kernels& kernels, const Tokenizer& tokenizer, const Config& config,
          std::size_t max_initial, std::span<const int> sampled, std::span<float> logits) {
  const auto begin = static_cast<std::size_t>(tokenizer.timestamp_begin);
  const std::span<float> text = logits.first(begin);
  const std::span<float> times = logits.subspan(begin);
  const auto is_time = [&](int token) { return token >= tokenizer.timestamp_begin; };

  for (const int id : config.suppress_ids) logits[static_cast<std::size_t>(id)] = kNever;
  logits[static_cast<std::size_t>(tokenizer.no_timestamps)] = kNever;
  if (sampled.empty()) {
    forbid(text);
    for (const int id : config.suppress_ids_begin) logits[static_cast<std::size_t>(id)] = kNever;
    if (times.size() > max_initial + 1) forbid(times.subspan(max_initial + 1));
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

}  // namespace asrbench::speech
