// A sum of doubles without rounding, so that it is the same in whatever order they are added.
//
// A fixed-point number of the range of all doubles, in chunks of 32 bits with room for carries:
// R. M. Neal, "Fast exact summation using small and large superaccumulators", arXiv:1505.05571.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace asrbench::jsonlog {

class ExactSum {
 public:
  void add(double value);  // a finite one
  void add(const ExactSum& other);

  // The double nearest to the sum, ties to even, as Python's math.fsum; infinite beyond the
  // largest.
  [[nodiscard]] double value() const;

 private:
  static constexpr std::size_t kChunks = 68;  // 2098 bits of a double's range, and 64 for the sum
  static constexpr std::uint32_t kBeforeCarry = 1U << 30U;

  void carry();

  std::array<std::int64_t, kChunks> chunks_{};  // chunk i counts units of 2^(32 i - 1074)
  std::uint32_t added_ = 0;                     // since the last carry
};

}  // namespace asrbench::jsonlog
