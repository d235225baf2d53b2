// Where each token of a text begins, out of what heads saw of the audio while it was read.
//
// OpenAI's whisper, whisper/timing.py, find_alignment: a head's probabilities are measured against
// what it sees of a frame on average, smoothed, and the heads' mean is aligned with the frames.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "core/cancel.hpp"
#include "core/matrix.hpp"

namespace asrbench::speech {

inline constexpr std::size_t kMedian = 7;  // frames of 20 ms

// Takes from each column (a frame) its mean over the rows and divides by its standard deviation, in
// place; a column that is the same in all rows becomes 0.
void standardise(MatrixView seen);

// into[i] = the median of the kMedian values around from[i], reflected at both ends. Fewer than
// four values are copied: there is nothing to reflect.
void smooth(std::span<const float> from, std::span<float> into);

// The frame at which each row begins when rows and frames are aligned so that the sum of `followed`
// (rows, frames) along the way is greatest. Throws EngineError where a value is not finite.
[[nodiscard]] std::vector<std::size_t> beginnings(ConstView followed, Cancel& cancel);

}  // namespace asrbench::speech
