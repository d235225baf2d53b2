// Bilinear resizing in integers: the same bits as OpenCV's INTER_LINEAR_EXACT.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "core/matrix.hpp"
#include "core/thread_pool.hpp"
#include "frames/image.hpp"
#include "frames/rows.hpp"

namespace asrbench::frames {

inline constexpr int kWeightBits = 8;
inline constexpr std::uint16_t kWhole = 1U << kWeightBits;

// Where a pixel of the result lies between two of the image; the weights add up to kWhole.
struct Between {
  std::size_t lower;
  std::size_t upper;  // lower itself where there is nothing between
  std::uint16_t lower_weight;
  std::uint16_t upper_weight;
};

// The places of `to` pixels along `from`: (i + 1/2) from/to - 1/2, held to the first and the last.
[[nodiscard]] std::vector<Between> places(std::size_t from, std::size_t to);

// Makes rows of the result, one at a time, for whoever wants them; shared by threads.
class Resizer {
 public:
  Resizer(const Rows& rows, Image<const Byte> image, std::size_t to_rows, std::size_t to_columns);

  // Scratch of one thread: a row of the image between two, in kWhole parts.
  [[nodiscard]] Buffer<std::uint16_t> scratch() const {
    return Buffer<std::uint16_t>(image_.width());
  }
  // Writes the values of a row of the result.
  void row(std::size_t y, Buffer<std::uint16_t>& scratch, Byte* out) const;

 private:
  template <std::size_t channels>
  void across(const std::uint16_t* mixed, Byte* out) const;

  const Rows& rows_;
  Image<const Byte> image_;
  std::vector<Between> down_;
  std::vector<Between> across_;
};

// Fills `out`, of the same channels, by the image at its size.
void resize(const Rows& rows, Image<const Byte> image, Image<Byte> out, ThreadPool& pool,
            Cancel& cancel);

}  // namespace asrbench::frames
