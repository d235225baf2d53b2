// The front end: pcm to log-mel spectrogram, as Whisper was trained on it.
//
// Radford et al., "Robust Speech Recognition via Large-Scale Weak Supervision" (2022) and its
// audio.py: Hann windows of 25 ms every 10 ms, power, Slaney mel filters, log10, a floor of 8 below
// the loudest value of the whole file, then (x + 4) / 4. Sums are in double, results in float32.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "core/cancel.hpp"
#include "core/matrix.hpp"
#include "core/thread_pool.hpp"
#include "speech/fft.hpp"

namespace asrbench::speech {

inline constexpr int kRateHz = 16000;
inline constexpr std::size_t kHop = 160;      // pcm values between mel frames: 10 ms
inline constexpr std::size_t kMaxBins = 256;  // mel bins; Whisper has 80 or 128

// Throws AudioError for a value that is not finite.
void expect_finite(std::span<const float> pcm);

// The loudest of decades of power; -infinity of none.
[[nodiscard]] float loudest(std::span<const float> decades);

// Raises what is more than 8 decades below the loudest value to there, then (x + 4) / 4.
void floor_and_scale(std::span<float> decades, float loudest);

class LogMel {
 public:
  explicit LogMel(std::size_t bins);  // throws OptionError unless 1 <= bins <= kMaxBins

  [[nodiscard]] std::size_t bins() const { return filters_.size(); }

  // (pcm.size() / 160, bins): Whisper's frames of the pcm with 200 reflected values before it and
  // 30 s of silence behind, but for the frames of that silence, which every window pads with 0.
  // Throws AudioError for a value that is not finite, and for no value at all.
  [[nodiscard]] Matrix operator()(std::span<const float> pcm, ThreadPool& pool,
                                  Cancel& cancel) const;

  // (1 + (pcm.size() - 400) / 160, bins): frames of the pcm alone, for tests. At least 400 values.
  [[nodiscard]] Matrix raw(std::span<const float> pcm, ThreadPool& pool, Cancel& cancel) const;

  // (count, bins): decades of power, log10, before floor and scale. Frame i begins at pcm[160 i -
  // lead]; before the pcm it is mirrored, behind it silent.
  [[nodiscard]] Matrix decades(std::span<const float> pcm, std::size_t lead, std::size_t count,
                               ThreadPool& pool, Cancel& cancel) const;

 private:
  struct Filter {
    std::size_t first;  // frequency bin
    std::vector<double> weights;
  };

  // The decades of `count` frames with floor and scale. Only the first `kept` rows are returned,
  // though the floor is below the loudest of all.
  [[nodiscard]] Matrix frames(std::span<const float> pcm, std::size_t lead, std::size_t count,
                              std::size_t kept, ThreadPool& pool, Cancel& cancel) const;

  Fft fft_;
  std::vector<Filter> filters_;
};

}  // namespace asrbench::speech
