// Values at ranks of a row that is not sorted: counted by their highest bits first, so that only
// the few of one count are put in order.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace asrbench::jsonlog {

class Ranks {
 public:
  explicit Ranks(std::span<double> values);  // finite ones, at least one; they are reordered

  // The value of rank (n - 1) p, between two ranks interpolated linearly. Ask in rising order of p.
  [[nodiscard]] double percentile(double p);

 private:
  struct Neighbours {
    double low, high;
  };

  [[nodiscard]] Neighbours at(std::size_t rank);  // the values of it and the next, which there is
  [[nodiscard]] static Neighbours select(std::span<double> values, std::size_t rank);

  std::span<double> values_;
  std::size_t placed_ = 0;             // ranks below are in place
  std::vector<std::uint64_t> counts_;  // by the highest bits, in the order of the values; or none
  std::vector<double> near_;
};

}  // namespace asrbench::jsonlog
