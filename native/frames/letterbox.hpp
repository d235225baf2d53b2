// An image fitted into a frame of another shape, as planes of floats: what a detector is given.
#pragma once

#include <array>
#include <cstddef>

#include "core/thread_pool.hpp"
#include "frames/image.hpp"
#include "frames/rows.hpp"

namespace asrbench::frames {

// Where the image lies in the frame: as large as fits with its own shape, in the middle.
struct Fit {
  std::size_t top;
  std::size_t left;
  std::size_t rows;
  std::size_t columns;
};
[[nodiscard]] Fit fit(std::size_t rows, std::size_t columns, std::size_t frame_rows,
                      std::size_t frame_columns);

enum class Planes { kBgr, kRgb };  // the order of the result's planes

struct Normalisation {
  std::array<float, kBgr> mean{};                   // blue, green, red
  std::array<float, kBgr> scale{1.0F, 1.0F, 1.0F};  // likewise
  Byte fill = 114;                                  // of all channels around the image
  Planes planes = Planes::kRgb;
};

// Three planes of rows x columns floats without gaps.
struct Frame {
  float* data;
  std::size_t rows;
  std::size_t columns;
};

// Writes (value - mean) scale of every pixel: the image resized as by resize(), `fill` around it.
void letterbox(const Rows& rows, Image<const Byte> image, const Normalisation& how, Frame out,
               ThreadPool& pool, Cancel& cancel);

}  // namespace asrbench::frames
