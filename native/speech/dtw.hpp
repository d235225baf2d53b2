// Dynamic time warping: the cheapest way through a matrix of costs, from its first place to its
// last.
//
// Sakoe and Chiba 1978. A step goes to the next column, to the next row, or to both.
#pragma once

#include <cstddef>
#include <vector>

#include "core/cancel.hpp"
#include "core/matrix.hpp"

namespace asrbench::speech {

// The columns of a row that the way goes through, both included.
struct Stretch {
  std::size_t first;
  std::size_t last;

  bool operator==(const Stretch&) const = default;
};

// A stretch for each row of `costs` (rows, columns), whose sum along the way is least, in float32.
// Of steps that cost the same the one along the row is taken, or else the one to both. Throws
// OptionError for costs that are not finite, or without rows or columns.
[[nodiscard]] std::vector<Stretch> dtw(ConstView costs, Cancel& cancel);

}  // namespace asrbench::speech
