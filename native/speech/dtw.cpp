#include "speech/dtw.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "core/error.hpp"

namespace asrbench::speech {
namespace {

enum class Step : std::uint8_t { kAlong, kDown, kBoth };

void expect_costs(ConstView costs) {
  if (costs.rows == 0 || costs.columns == 0) {
    fail<OptionError>("costs are (", costs.rows, ", ", costs.columns,
                      "); expected one row and one column or more");
  }
  for (std::size_t r = 0; r < costs.rows; ++r) {
    for (std::size_t c = 0; c < costs.columns; ++c) {
      if (!std::isfinite(costs.row(r)[c])) {
        fail<OptionError>("costs[", r, ", ", c, "] is ", costs.row(r)[c],
                          "; expected a finite value");
      }
    }
  }
}

}  // namespace

std::vector<Stretch> dtw(ConstView costs, Cancel& cancel) {
  expect_costs(costs);
  std::vector<Step> steps(costs.rows * costs.columns);
  Buffer<float> above(costs.columns);  // the least sums up to the row before
  Buffer<float> sums(costs.columns);
  for (std::size_t r = 0; r < costs.rows; ++r) {
    cancel.poll();
    const float* const cost = costs.row(r);
    Step* const step = steps.data() + r * costs.columns;
    step[0] = Step::kDown;
    sums[0] = cost[0] + (r > 0 ? above[0] : 0.0F);
    for (std::size_t c = 1; c < costs.columns; ++c) {
      float least = sums[c - 1];
      step[c] = Step::kAlong;
      if (r > 0) {
        if (above[c - 1] < least) {
          least = above[c - 1];
          step[c] = Step::kBoth;
        }
        if (above[c] < least) {
          least = above[c];
          step[c] = Step::kDown;
        }
      }
      sums[c] = cost[c] + least;
    }
    std::swap(above, sums);
  }
  std::vector<Stretch> way(costs.rows);
  std::size_t column = costs.columns - 1;
  for (std::size_t r = costs.rows; r-- > 0;) {
    const Step* const step = steps.data() + r * costs.columns;
    way[r].last = column;
    while (column > 0 && (r == 0 || step[column] == Step::kAlong)) --column;
    way[r].first = column;
    if (r > 0 && step[column] == Step::kBoth) --column;
  }
  return way;
}

}  // namespace asrbench::speech
