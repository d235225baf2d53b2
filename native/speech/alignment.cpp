#include "speech/alignment.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "core/error.hpp"
#include "speech/dtw.hpp"

namespace asrbench::speech {
namespace {

constexpr std::size_t kReach = kMedian / 2;  // values on either side

// The median of seven: the exchanges that bring it to the middle (Devillard 1998, opt_med7).
float median(std::array<float, kMedian> v) {
  const auto order = [&](std::size_t a, std::size_t b) {
    const float low = std::min(v[a], v[b]);
    v[b] = std::max(v[a], v[b]);
    v[a] = low;
  };
  order(0, 5), order(0, 3), order(1, 6);
  order(2, 4), order(0, 1), order(3, 5);
  order(2, 6), order(2, 3), order(3, 6);
  order(4, 5), order(1, 4), order(1, 3);
  order(3, 4);
  return v[3];
}

// A place left or right of n values, mirrored at the first or the last of them.
std::size_t reflected(std::ptrdiff_t place, std::size_t n) {
  const auto last = static_cast<std::ptrdiff_t>(n) - 1;
  return static_cast<std::size_t>(place < 0 ? -place : place > last ? 2 * last - place : place);
}

}  // namespace

void standardise(MatrixView seen) {
  const auto count = static_cast<float>(seen.rows);
  Buffer<float> means(seen.columns, 0.0F);
  Buffer<float> squares(seen.columns, 0.0F);
  for (std::size_t r = 0; r < seen.rows; ++r) {
    for (std::size_t c = 0; c < seen.columns; ++c) means[c] += seen.row(r)[c];
  }
  for (float& mean : means) mean /= count;
  for (std::size_t r = 0; r < seen.rows; ++r) {
    for (std::size_t c = 0; c < seen.columns; ++c) {
      const float off = seen.row(r)[c] - means[c];
      squares[c] += off * off;
    }
  }
  for (float& square : squares) square = square > 0.0F ? 1.0F / std::sqrt(square / count) : 0.0F;
  for (std::size_t r = 0; r < seen.rows; ++r) {
    float* const row = seen.row(r);
    for (std::size_t c = 0; c < seen.columns; ++c) row[c] = (row[c] - means[c]) * squares[c];
  }
}

void smooth(std::span<const float> from, std::span<float> into) {
  const std::size_t n = from.size();
  if (n <= kReach) {
    std::ranges::copy(from, into.begin());
    return;
  }
  const auto around = [&](std::size_t i) {
    std::array<float, kMedian> values;
    for (std::size_t k = 0; k < kMedian; ++k) {
      const auto place = static_cast<std::ptrdiff_t>(i + k) - static_cast<std::ptrdiff_t>(kReach);
      values[k] = from[reflected(place, n)];
    }
    return values;
  };
  const std::size_t inner = n > 2 * kReach ? n - kReach : kReach;  // behind those with seven around
  for (std::size_t i = 0; i < kReach; ++i) into[i] = median(around(i));
  for (std::size_t i = kReach; i < inner; ++i) {
    std::array<float, kMedian> values;
    std::copy_n(from.data() + i - kReach, kMedian, values.begin());
    into[i] = median(values);
  }
  for (std::size_t i = inner; i < n; ++i) into[i] = median(around(i));
}

std::vector<std::size_t> beginnings(ConstView followed, Cancel& cancel) {
  Matrix costs(followed.rows, followed.columns);
  for (std::size_t r = 0; r < followed.rows; ++r) {
    for (std::size_t c = 0; c < followed.columns; ++c) {
      const float value = followed.row(r)[c];
      if (!std::isfinite(value)) {
        fail<EngineError>("the model's attention to frame ", c, " is ", value,
                          "; expected a finite value");
      }
      costs.row(r)[c] = -value;
    }
  }
  std::vector<std::size_t> frames;
  for (const Stretch& stretch : dtw(costs.view(), cancel)) frames.push_back(stretch.first);
  return frames;
}

}  // namespace asrbench::speech
