// What the heads that follow the audio see in a step of the decoder, and where they look most.
//
// The rule by which a stream may stop is AlignAtt's (Papi et al. 2023, arXiv 2305.11408; for
// Whisper: arXiv 2506.17077): a token whose place lies near the end of the audio is not sure yet.
#pragma once

#include <algorithm>
#include <cstddef>
#include <span>
#include <vector>

#include "core/matrix.hpp"
#include "speech/config.hpp"

namespace asrbench::speech {

class AttentionTap {
 public:
  // For the first `frames` states of a window (20 ms each), at least 1; the heads differ.
  AttentionTap(std::span<const Head> heads, std::size_t frames)
      : heads_(heads.begin(), heads.end()),
        seen_(heads.size(), frames),
        sum_(frames),
        smoothed_(frames) {}

  // Where the decoder leaves a head's probabilities, (1, frames); no rows if nobody asks for them.
  [[nodiscard]] MatrixView of(std::size_t layer, std::size_t head) {
    const auto found = std::find(heads_.begin(), heads_.end(), Head{layer, head});
    if (found == heads_.end()) return {};
    float* const row = seen_.row(static_cast<std::size_t>(found - heads_.begin()));
    return {row, 1, seen_.columns(), seen_.columns()};
  }

  // The frame that the heads saw most in the last step, on average and smoothed.
  [[nodiscard]] std::size_t peak();

 private:
  std::vector<Head> heads_;
  Matrix seen_;             // (heads, frames)
  Buffer<float> sum_;       // (frames) of the heads
  Buffer<float> smoothed_;  // (frames)
};

}  // namespace asrbench::speech
