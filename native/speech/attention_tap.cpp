#include "speech/attention_tap.hpp"

#include <algorithm>

#include "speech/alignment.hpp"

namespace asrbench::speech {

std::size_t AttentionTap::peak() {
  std::fill(sum_.begin(), sum_.end(), 0.0F);
  for (std::size_t h = 0; h < seen_.rows(); ++h) {
    for (std::size_t c = 0; c < sum_.size(); ++c) sum_[c] += seen_.row(h)[c];
  }
  smooth(sum_, smoothed_);
  return static_cast<std::size_t>(std::ranges::max_element(smoothed_) - smoothed_.begin());
}

}  // namespace asrbench::speech
