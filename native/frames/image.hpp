// An image that is borrowed: rows of packed pixels, any distance apart.
#pragma once

#include <cstddef>
#include <cstdint>

namespace asrbench::frames {

using Byte = std::uint8_t;

inline constexpr std::size_t kBgr = 3;          // channels of a colour image: blue, green, red
inline constexpr std::size_t kMaxSide = 65535;  // rows or columns of an image

// `step` is the distance of two rows in values, negative where the image stands on its head.
template <class T>
struct Image {
  T* data;
  std::size_t rows;      // 1 to kMaxSide
  std::size_t columns;   // 1 to kMaxSide
  std::size_t channels;  // values of a pixel, side by side: 1 or kBgr
  std::ptrdiff_t step;

  [[nodiscard]] T* row(std::size_t r) const { return data + static_cast<std::ptrdiff_t>(r) * step; }
  [[nodiscard]] std::size_t width() const { return columns * channels; }  // values of a row
};

}  // namespace asrbench::frames
