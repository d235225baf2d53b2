// What the heads that follow the audio see as the decoder reads, and where they look most.
//
// The rule by which a stream may stop is AlignAtt's (Papi et al. 2023, arXiv 2305.11408; for
// Whisper: arXiv 2506.17077): a token whose place lies near the end of the audio is not sure yet.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "core/matrix.hpp"
#include "speech/config.hpp"

namespace asrbench::speech {

class AttentionTap {
 public:
  // Keeps the last `tokens` tokens, as many at least as the decoder reads at once, over the first
  // `frames` states of a window (20 ms each), at least 1; one head or more, which differ.
  AttentionTap(std::span<const Head> heads, std::size_t frames, std::size_t tokens);

  // Makes room for so many tokens more: behind those that are kept, or in their place where that
  // would be too many.
  void expect(std::size_t tokens);

  // Where the decoder leaves a head's probabilities of those tokens, (tokens, frames); no rows if
  // nobody asks for them.
  [[nodiscard]] MatrixView of(std::size_t layer, std::size_t head);

  // What each head saw, (kept tokens, frames), in the order of the heads.
  [[nodiscard]] std::vector<MatrixView> seen();

  // The frame that the heads saw most at the last token, on average and smoothed.
  [[nodiscard]] std::size_t peak();

 private:
  std::vector<Head> heads_;
  std::vector<Matrix> seen_;  // (tokens, frames) of each head
  std::size_t first_ = 0;     // of the tokens that are read
  std::size_t kept_ = 0;
  Buffer<float> sum_;       // (frames) of the heads
  Buffer<float> smoothed_;  // (frames)
};

}  // namespace asrbench::speech
