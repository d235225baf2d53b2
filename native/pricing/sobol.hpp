// Sobol's sequence in up to 128 dimensions: its directions, its first points, its random shifts.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "pricing/simulate.hpp"

namespace asrbench::pricing {

class Sobol {
 public:
  Sobol();

  [[nodiscard]] const std::uint32_t* directions() const { return directions_.data(); }
  [[nodiscard]] const std::uint32_t* first() const { return first_.data(); }

 private:
  std::vector<std::uint32_t> directions_;  // (dimensions, kDirections)
  std::vector<std::uint32_t> first_;       // (dimensions, kSobolLanes), in the order of Gray codes
};

// A path's values from the last date down to the smallest gaps, each from what lies on both sides:
// the first dimensions, which are the most even, decide the most (R. Caflisch and B. Moskowitz,
// 1995). Values are in units of a step.
void bridge(std::size_t steps, std::vector<BridgeStep>& into);

}  // namespace asrbench::pricing
