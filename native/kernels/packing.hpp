// How the right side of a product is laid out: in panels of columns, side by side.
#pragma once

#include <cstddef>
#include <cstdint>

#include "kernels/kernels.hpp"

namespace asrbench::kernels {

// The number of floats of a packed right side with that many columns and that depth.
[[nodiscard]] std::size_t packed_size(const Kernels& kernels, std::size_t columns,
                                      std::size_t depth);

// Lays B[k, c] = w[c, k] out in panels: [columns / panel][depth][panel], zeros behind the last
// column. `w` has (columns, depth) values in rows `w_stride` apart.
void pack(const Kernels& kernels, const float* w, std::size_t w_stride, std::size_t columns,
          std::size_t depth, float* panels);

inline constexpr std::int32_t kByteLevels = 127;  // the largest |byte| that values become

// Values padded to whole groups.
[[nodiscard]] constexpr std::size_t grouped(std::size_t n) {
  return (n + kGroup - 1) / kGroup * kGroup;
}

// The largest |value| that the left side of an integer product may have: the sum of that many
// products with any bytes fits 32 bits.
[[nodiscard]] std::int32_t int16_levels(std::size_t depth);

// The number of bytes of a packed right side of integers.
[[nodiscard]] std::size_t packed_bytes(const Kernels& kernels, std::size_t columns,
                                       std::size_t depth);

// Where the group that holds B[k, c] begins, from the right side's first byte. Inside of it k has
// the place that kGroupOrder gives.
[[nodiscard]] inline std::size_t group_at(const Kernels& kernels, std::size_t depth, std::size_t k,
                                          std::size_t c) {
  const std::size_t panel = c / kernels.panel;
  return ((panel * (grouped(depth) / kGroup) + k / kGroup) * kernels.panel + c % kernels.panel) *
         kGroup;
}

// Quantises B[k, c] = w[c, k] to panels of bytes, each column by its own scale: `scales` and `sums`
// (of a column's bytes) have `columns` values.
void pack_ints(const Kernels& kernels, const float* w, std::size_t w_stride, std::size_t columns,
               std::size_t depth, std::int8_t* panels, float* scales, std::int32_t* sums);

}  // namespace asrbench::kernels
