// The filters a row at a time behind one interface, and the choice of an instruction set.
//
// A row function works on borrowed rows of its caller and never allocates. All sums are of integers
// that fit their type, and each float is one rounding of an exact value, so every instruction set
// gives the same bits.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "frames/image.hpp"

namespace asrbench::frames {

inline constexpr std::size_t kMargin =
    64;  // values before and behind a scratch row's own, at least

// "padded" below: n values may be read or written in whole vectors, up to kMargin behind the last.
struct Rows {
  const char* isa;

  // gray[i] = (3735 b + 19235 g + 9798 r + 2^14) / 2^15, as OpenCV's BGR2GRAY; n pixels.
  void (*gray)(const Byte* bgr, Byte* gray, std::size_t n);
  // sums[i] = the column i of five padded rows weighed 1 4 6 4 1: at most 16 * 255.
  void (*blur_down)(const Byte* const* rows, std::uint16_t* sums, std::size_t n);
  // out[i] = (sums[i - 2 .. i + 2] weighed 1 4 6 4 1, + 128) / 256; sums are padded.
  void (*blur_across)(const std::uint16_t* sums, Byte* out, std::size_t n);
  // Of the columns of three padded rows: smooth = 1 2 1, slope = -1 0 1. As 16 bits, wrapped.
  void (*sobel_down)(const Byte* const* rows, std::uint16_t* smooth, std::uint16_t* slope,
                     std::size_t n);
  // out[i] = min(|dx| + |dy|, 255), for dx = -1 0 1 of smooth and dy = 1 2 1 of slope.
  void (*sobel_l1)(const std::uint16_t* smooth, const std::uint16_t* slope, Byte* out,
                   std::size_t n);
  // out[i] = sqrt(dx^2 + dy^2).
  void (*sobel_l2)(const std::uint16_t* smooth, const std::uint16_t* slope, float* out,
                   std::size_t n);
  // out[i] = upper_weight upper[i] + lower_weight lower[i]; the weights add up to 256.
  void (*mix)(const Byte* upper, const Byte* lower, std::uint16_t upper_weight,
              std::uint16_t lower_weight, std::uint16_t* out, std::size_t n);
  // planes[c][i] = (bgr[3 i + c] - mean[c]) scale[c], rounded after each of the two.
  void (*normalise)(const Byte* bgr, float* const* planes, const float* mean, const float* scale,
                    std::size_t n);
};

[[nodiscard]] const Rows* generic();
[[nodiscard]] const Rows* avx2();    // null where it was not compiled in
[[nodiscard]] const Rows* avx512();  // null where it was not compiled in

// The rows for an instruction set of kernels::usable(): its own, or the widest that it contains.
// Throws OptionError for a name that cannot run here.
[[nodiscard]] const Rows& rows_for(const std::string& isa);
// The rows for the instruction set in use.
[[nodiscard]] const Rows& rows_in_use();

}  // namespace asrbench::frames
