#include "kernels/packing.hpp"

#include <algorithm>
#include <limits>
#include <vector>

namespace asrbench::kernels {
namespace {

std::size_t panels_of(const Kernels& kernels, std::size_t columns) {
  return (columns + kernels.panel - 1) / kernels.panel * kernels.panel;
}

}  // namespace

std::size_t packed_size(const Kernels& kernels, std::size_t columns, std::size_t depth) {
  return panels_of(kernels, columns) * depth;
}

void pack(const Kernels& kernels, const float* w, std::size_t w_stride, std::size_t columns,
          std::size_t depth, float* panels) {
  for (std::size_t left = 0; left < columns; left += kernels.panel) {
    const std::size_t width = std::min(kernels.panel, columns - left);
    for (std::size_t k = 0; k < depth; ++k, panels += kernels.panel) {
      for (std::size_t c = 0; c < width; ++c) panels[c] = w[(left + c) * w_stride + k];
      std::fill(panels + width, panels + kernels.panel, 0.0F);
    }
  }
}

std::int32_t int16_levels(std::size_t depth) {
  constexpr std::size_t kMost = std::numeric_limits<std::int32_t>::max();
  return static_cast<std::int32_t>(
      std::min<std::size_t>(std::numeric_limits<std::int16_t>::max(), kMost / (128 * depth)));
}

std::size_t packed_bytes(const Kernels& kernels, std::size_t columns, std::size_t depth) {
  return panels_of(kernels, columns) * grouped(depth);
}

void pack_ints(const Kernels& kernels, const float* w, std::size_t w_stride, std::size_t columns,
               std::size_t depth, std::int8_t* panels, float* scales, std::int32_t* sums) {
  std::fill_n(panels, packed_bytes(kernels, columns, depth), std::int8_t{0});
  std::vector<std::int16_t> row(grouped(depth));
  for (std::size_t c = 0; c < columns; ++c) {
    scales[c] = kernels.quantise_int16(w + c * w_stride, depth, kByteLevels, row.data());
    sums[c] = 0;
    for (std::size_t k = 0; k < row.size(); k += kGroup) {
      std::int8_t* const group = panels + group_at(kernels, depth, k, c);
      for (std::size_t i = 0; i < kGroup; ++i) {
        const std::int16_t value = row[k + kGroupOrder[i]];
        group[i] = static_cast<std::int8_t>(value);
        sums[c] += value;
      }
    }
  }
}

}  // namespace asrbench::kernels
