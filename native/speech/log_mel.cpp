#include "speech/log_mel.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <limits>
#include <numbers>

#include "core/error.hpp"

namespace asrbench::speech {
namespace {

constexpr std::size_t kFrequencies = kWindow / 2 + 1;
constexpr double kHalfRateHz = kRateHz / 2.0;

// Slaney's mel scale ("Auditory Toolbox", 1998): linear below 1 kHz, logarithmic above.
constexpr double kLinearHz = 200.0 / 3;  // hertz a mel, below
constexpr double kBreakHz = 1000;
constexpr double kBreakMel = kBreakHz / kLinearHz;
const double kLogStep = std::log(6.4) / 27;  // ln hertz a mel, above

double mel_of(double hz) {
  return hz < kBreakHz ? hz / kLinearHz : kBreakMel + std::log(hz / kBreakHz) / kLogStep;
}

double hz_of(double mel) {
  return mel < kBreakMel ? mel * kLinearHz : kBreakHz * std::exp(kLogStep * (mel - kBreakMel));
}

void expect_some(std::span<const float> pcm) {
  if (pcm.empty()) fail<AudioError>("pcm is empty; expected at least one value");
  expect_finite(pcm);
}

// The value at any place: mirrored before the first one, silence behind the last.
double value_at(std::span<const float> pcm, std::ptrdiff_t at) {
  const auto place = static_cast<std::size_t>(at < 0 ? -at : at);
  return place < pcm.size() ? pcm[place] : 0.0;
}

// A transform takes two frames, one as its real and one as its imaginary part, in each lane.
constexpr std::size_t kTogether = 2 * kFftLanes;

// The power of the frames of a transform: of the even ones, then of the odd ones.
using Powers = std::array<std::array<Lanes, kFrequencies>, 2>;

// Fills the lanes with kTogether frames, the first of which begins at pcm[start].
void take_windows(std::span<const float> pcm, std::ptrdiff_t start, std::span<const double> hann,
                  Fft::Signal& signal) {
  constexpr auto kNext = static_cast<std::ptrdiff_t>(kHop);
  for (std::size_t i = 0; i < kWindow; ++i) {
    std::ptrdiff_t at = start + static_cast<std::ptrdiff_t>(i);
    for (std::size_t lane = 0; lane < kFftLanes; ++lane, at += 2 * kNext) {
      signal.re[i][lane] = hann[i] * value_at(pcm, at);
      signal.im[i][lane] = hann[i] * value_at(pcm, at + kNext);
    }
  }
}

// Parts Z = X + iY of real x and y, where 2 X[k] = Z[k] + conj Z[-k], 2i Y[k] = Z[k] - conj Z[-k].
void take_powers(const Fft::Signal& signal, Powers& powers) {
  for (std::size_t k = 0; k < kFrequencies; ++k) {
    const std::size_t minus = (kWindow - k) % kWindow;
    for (std::size_t lane = 0; lane < kFftLanes; ++lane) {
      const double a = signal.re[k][lane];
      const double b = signal.im[k][lane];
      const double c = signal.re[minus][lane];
      const double d = signal.im[minus][lane];
      powers[0][k][lane] = ((a + c) * (a + c) + (b - d) * (b - d)) / 4;
      powers[1][k][lane] = ((b + d) * (b + d) + (a - c) * (a - c)) / 4;
    }
  }
}

// The periodic Hann window.
const std::vector<double>& hann() {
  static const std::vector<double> window = [] {
    std::vector<double> values(kWindow);
    for (std::size_t i = 0; i < kWindow; ++i) {
      values[i] = 0.5 - 0.5 * std::cos(2 * std::numbers::pi * static_cast<double>(i) / kWindow);
    }
    return values;
  }();
  return window;
}

}  // namespace

void expect_finite(std::span<const float> pcm) {
  const auto bad =
      std::find_if_not(pcm.begin(), pcm.end(), [](float x) { return std::isfinite(x); });
  if (bad != pcm.end()) {
    fail<AudioError>("pcm[", bad - pcm.begin(), "] is ", *bad, "; expected a finite value");
  }
}

float loudest(std::span<const float> decades) {
  float most = -std::numeric_limits<float>::infinity();
  for (const float x : decades) most = std::max(most, x);
  return most;
}

void floor_and_scale(std::span<float> decades, float loudest) {
  const float floor = loudest - 8.0F;
  for (float& x : decades) x = (std::max(x, floor) + 4.0F) / 4.0F;
}

LogMel::LogMel(std::size_t bins) {
  if (bins < 1 || bins > kMaxBins) {
    fail<OptionError>("bins is ", bins, "; expected 1 to ", kMaxBins);
  }
  // Triangles between neighbouring points of the mel scale, each of area 1 over its width in hertz.
  std::vector<double> hz(bins + 2);
  const double step = mel_of(kHalfRateHz) / static_cast<double>(bins + 1);
  for (std::size_t i = 0; i < hz.size(); ++i) hz[i] = hz_of(step * static_cast<double>(i));
  for (std::size_t bin = 0; bin < bins; ++bin) {
    Filter filter{kFrequencies, {}};
    const auto first = static_cast<std::size_t>(hz[bin] * kWindow / kRateHz);
    filter.weights.reserve(static_cast<std::size_t>((hz[bin + 2] - hz[bin]) * kWindow / kRateHz) +
                           1);
    for (std::size_t f = first; f < kFrequencies; ++f) {
      const double at = static_cast<double>(f) * kRateHz / kWindow;
      const double rising = (at - hz[bin]) / (hz[bin + 1] - hz[bin]);
      if (at >= hz[bin + 2]) break;
      const double falling = (hz[bin + 2] - at) / (hz[bin + 2] - hz[bin + 1]);
      const double weight = std::min(rising, falling) * 2 / (hz[bin + 2] - hz[bin]);
      if (weight <= 0) continue;
      if (filter.weights.empty()) filter.first = f;
      filter.weights.push_back(weight);
    }
    filters_.push_back(std::move(filter));
  }
}

Matrix LogMel::operator()(std::span<const float> pcm, ThreadPool& pool, Cancel& cancel) const {
  expect_some(pcm);
  constexpr std::size_t kTail =
      3;  // frames behind the last real one whose windows reach back to it
  const std::size_t kept = pcm.size() / kHop;
  return frames(pcm, kWindow / 2, kept + kTail, kept, pool, cancel);
}

Matrix LogMel::raw(std::span<const float> pcm, ThreadPool& pool, Cancel& cancel) const {
  expect_some(pcm);
  if (pcm.size() < kWindow) {
    fail<AudioError>("pcm has ", pcm.size(), " values; expected at least ", kWindow,
                     " for a frame without padding");
  }
  const std::size_t count = 1 + (pcm.size() - kWindow) / kHop;
  return frames(pcm, 0, count, count, pool, cancel);
}

Matrix LogMel::frames(std::span<const float> pcm, std::size_t lead, std::size_t count,
                      std::size_t kept, ThreadPool& pool, Cancel& cancel) const {
  Matrix mel = decades(pcm, lead, count, pool, cancel);
  const float most = loudest({mel.data(), count * bins()});
  mel.keep_rows(kept);
  floor_and_scale({mel.data(), kept * bins()}, most);
  return mel;
}

Matrix LogMel::decades(std::span<const float> pcm, std::size_t lead, std::size_t count,
                       ThreadPool& pool, Cancel& cancel) const {
  constexpr std::size_t kBlock = 8 * kTogether;  // frames of a task
  constexpr double kSilence = 1e-10;             // power below this counts as this

  Matrix mel(count, bins());
  pool.run((count + kBlock - 1) / kBlock, cancel, [&](std::size_t block, std::size_t) {
    Fft::Signal signal;
    Fft::Signal scratch;
    Powers powers;
    const std::size_t end = std::min((block + 1) * kBlock, count);
    for (std::size_t frame = block * kBlock; frame < end; frame += kTogether) {
      const auto start =
          static_cast<std::ptrdiff_t>(frame * kHop) - static_cast<std::ptrdiff_t>(lead);
      take_windows(pcm, start, hann(), signal);
      fft_.run(signal, scratch);
      take_powers(signal, powers);
      for (std::size_t j = 0; j < std::min(kTogether, end - frame); ++j) {
        float* const row = mel.row(frame + j);
        for (std::size_t bin = 0; bin < bins(); ++bin) {
          const Filter& filter = filters_[bin];
          double sum = 0;
          for (std::size_t f = 0; f < filter.weights.size(); ++f) {
            sum += filter.weights[f] * powers[j % 2][filter.first + f][j / 2];
          }
          row[bin] = static_cast<float>(std::log10(std::max(sum, kSilence)));
        }
      }
    }
  });
  return mel;
}

}  // namespace asrbench::speech
