// Row functions for any processor: vectors of eight 16-bit integers by the compiler's extension.
#include "frames/rows.hpp"

namespace asrbench::frames {
namespace {

struct W {
  static constexpr std::size_t kLanes = 8;
  using Words = std::uint16_t __attribute__((vector_size(16)));
  using Signed = std::int16_t __attribute__((vector_size(16)));
  using Bytes = Byte __attribute__((vector_size(8)));

  Words v;

  static W set(std::uint16_t x) { return {Words{} + x}; }
  static W load(const std::uint16_t* p) {
    W r;
    __builtin_memcpy(&r.v, p, sizeof r.v);
    return r;
  }
  static W widen(const Byte* p) {
    Bytes bytes;
    __builtin_memcpy(&bytes, p, sizeof bytes);
    return {__builtin_convertvector(bytes, Words)};
  }
  static void store(std::uint16_t* p, W a) { __builtin_memcpy(p, &a.v, sizeof a.v); }
  static W add(W a, W b) { return {a.v + b.v}; }
  static W sub(W a, W b) { return {a.v - b.v}; }
  template <int bits>
  static W shift_left(W a) {
    return {a.v << bits};
  }
  template <int bits>
  static W shift_right(W a) {
    return {a.v >> bits};
  }
  static W abs(W a) {
    const auto s = reinterpret_cast<Signed>(a.v);
    return {reinterpret_cast<Words>(s < 0 ? -s : s)};
  }
  static void store_bytes(Byte* p, W a) {  // at most 255 of values below 2^15
    const Words most = Words{} + 255;
    const Bytes bytes = __builtin_convertvector(a.v < most ? a.v : most, Bytes);
    __builtin_memcpy(p, &bytes, sizeof bytes);
  }
  static void store_lengths(float* p, W a, W b) {  // the square root of a^2 + b^2
    for (std::size_t i = 0; i < kLanes; ++i) {
      const int x = static_cast<std::int16_t>(a.v[i]);
      const int y = static_cast<std::int16_t>(b.v[i]);
      p[i] = __builtin_sqrtf(static_cast<float>(x * x + y * y));
    }
  }
};

#include "frames/gray_pixel.hpp"

void gray(const Byte* bgr, Byte* gray, std::size_t n) { gray_pixels(bgr, gray, 0, n); }

#include "frames/rows_body.hpp"

constexpr Rows kTable = table("generic");

}  // namespace

const Rows* generic() { return &kTable; }

}  // namespace asrbench::frames
