#include "speech/attention_tap.hpp"

#include <algorithm>

#include "speech/alignment.hpp"

namespace asrbench::speech {

AttentionTap::AttentionTap(std::span<const Head> heads, std::size_t frames, std::size_t tokens)
    : heads_(heads.begin(), heads.end()), sum_(frames), smoothed_(frames) {
  for (std::size_t i = 0; i < heads_.size(); ++i) seen_.emplace_back(tokens, frames);
}

void AttentionTap::expect(std::size_t tokens) {
  const std::size_t most = seen_.front().rows();
  first_ = kept_ + tokens <= most ? kept_ : 0;
  kept_ = std::min(first_ + tokens, most);
}

MatrixView AttentionTap::of(std::size_t layer, std::size_t head) {
  const auto found = std::ranges::find(heads_, Head{layer, head});
  if (found == heads_.end()) return {};
  Matrix& seen = seen_[static_cast<std::size_t>(found - heads_.begin())];
  return {seen.row(first_), kept_ - first_, seen.columns(), seen.columns()};
}

std::vector<MatrixView> AttentionTap::seen() {
  std::vector<MatrixView> views;
  for (Matrix& seen : seen_) views.push_back({seen.data(), kept_, seen.columns(), seen.columns()});
  return views;
}

std::size_t AttentionTap::peak() {
  std::ranges::fill(sum_, 0.0F);
  for (const Matrix& seen : seen_) {
    const float* const row = seen.row(kept_ - 1);
    for (std::size_t c = 0; c < sum_.size(); ++c) sum_[c] += row[c];
  }
  smooth(sum_, smoothed_);
  return static_cast<std::size_t>(std::ranges::max_element(smoothed_) - smoothed_.begin());
}

}  // namespace asrbench::speech
