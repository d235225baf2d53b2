// The discrete Fourier transform of Whisper's window: 400 points, several at once.
#pragma once

#include <array>
#include <cstddef>
#include <vector>

namespace asrbench::speech {

inline constexpr std::size_t kWindow = 400;  // pcm values under a window: 25 ms

// Transforms that run side by side, one in each lane: a compiler makes vectors of them.
inline constexpr std::size_t kFftLanes = 4;
using Lanes = std::array<double, kFftLanes>;

// Stockham's self-sorting transform of mixed radix (Van Loan, "Computational Frameworks for the
// Fast Fourier Transform", 1992, section 1.7): 400 = 4 x 4 x 5 x 5.
class Fft {
 public:
  Fft();

  struct Signal {
    std::array<Lanes, kWindow> re;
    std::array<Lanes, kWindow> im;
  };

  // Y[k] = sum over n of X[n] exp(-2 pi i n k / 400), in place; the scratch is written over.
  void run(Signal& signal, Signal& scratch) const;

 private:
  template <std::size_t Radix>
  void stage(const Signal& from, Signal& to, std::size_t length, std::size_t stride) const;

  const std::array<double, kWindow>& cosine_;  // of 2 pi j / 400
  const std::array<double, kWindow>& sine_;
};

}  // namespace asrbench::speech
