// Row functions for AVX-512 (F, VL, BW, DQ): vectors of thirty-two 16-bit integers.
#include "frames/rows.hpp"

#if defined(__AVX512F__) && defined(__AVX512BW__)
#include <immintrin.h>

namespace asrbench::frames {
namespace {

struct W {
  static constexpr std::size_t kLanes = 32;

  __m512i v;

  static W set(std::uint16_t x) { return {_mm512_set1_epi16(static_cast<short>(x))}; }
  static W load(const std::uint16_t* p) { return {_mm512_loadu_si512(p)}; }
  static W widen(const Byte* p) {
    return {_mm512_cvtepu8_epi16(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(p)))};
  }
  static void store(std::uint16_t* p, W a) { _mm512_storeu_si512(p, a.v); }
  static W add(W a, W b) { return {_mm512_add_epi16(a.v, b.v)}; }
  static W sub(W a, W b) { return {_mm512_sub_epi16(a.v, b.v)}; }
  template <int bits>
  static W shift_left(W a) {
    return {_mm512_slli_epi16(a.v, bits)};
  }
  template <int bits>
  static W shift_right(W a) {
    return {_mm512_srli_epi16(a.v, bits)};
  }
  static W abs(W a) { return {_mm512_abs_epi16(a.v)}; }
  static void store_bytes(Byte* p, W a) {  // at most 255 of values below 2^15
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(p), _mm512_cvtusepi16_epi8(a.v));
  }
  static void store_lengths(float* p, W a, W b) {                  // the square root of a^2 + b^2
    const __m512 low = lengths(_mm512_unpacklo_epi16(a.v, b.v));   // of 0-3, 8-11, 16-19, 24-27
    const __m512 high = lengths(_mm512_unpackhi_epi16(a.v, b.v));  // of 4-7, 12-15, 20-23, 28-31
    const __m512i first = _mm512_setr_epi32(0, 1, 2, 3, 16, 17, 18, 19, 4, 5, 6, 7, 20, 21, 22, 23);
    const __m512i second = _mm512_add_epi32(first, _mm512_set1_epi32(8));
    _mm512_storeu_ps(p, _mm512_permutex2var_ps(low, first, high));
    _mm512_storeu_ps(p + 16, _mm512_permutex2var_ps(low, second, high));
  }

 private:
  static __m512 lengths(__m512i pairs) {
    return _mm512_sqrt_ps(_mm512_cvtepi32_ps(_mm512_madd_epi16(pairs, pairs)));
  }
};

#include "frames/gray_pixel.hpp"

// Sixteen gray values as 32 bits, of 48 bytes; 64 are read.
inline __m512i gray_sixteen(const Byte* bgr) {
  const __m512i quads = _mm512_permutexvar_epi32(  // four pixels in each quarter
      _mm512_setr_epi32(0, 1, 2, 3, 3, 4, 5, 6, 6, 7, 8, 9, 9, 10, 11, 12),
      _mm512_loadu_si512(bgr));
  const __m512i blue_green = _mm512_broadcast_i32x4(
      _mm_setr_epi8(0, -1, 1, -1, 3, -1, 4, -1, 6, -1, 7, -1, 9, -1, 10, -1));
  const __m512i red = _mm512_broadcast_i32x4(
      _mm_setr_epi8(2, -1, -1, -1, 5, -1, -1, -1, 8, -1, -1, -1, 11, -1, -1, -1));
  const __m512i sum =
      _mm512_add_epi32(_mm512_madd_epi16(_mm512_shuffle_epi8(quads, blue_green),
                                         _mm512_set1_epi32(kGreen << 16 | kBlue)),
                       _mm512_madd_epi16(_mm512_shuffle_epi8(quads, red), _mm512_set1_epi32(kRed)));
  return _mm512_srli_epi32(_mm512_add_epi32(sum, _mm512_set1_epi32(kGrayHalf)), kGrayShift);
}

void gray(const Byte* bgr, Byte* gray, std::size_t n) {
  constexpr std::size_t kPixels = 64;
  constexpr std::size_t kRead = 6;  // pixels behind the last that are read too
  const __m512i order = _mm512_setr_epi32(0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15);
  std::size_t x = 0;
  for (; x + kPixels + kRead <= n; x += kPixels) {
    const Byte* p = bgr + kBgr * x;
    const __m512i first = _mm512_packus_epi32(gray_sixteen(p), gray_sixteen(p + 48));
    const __m512i second = _mm512_packus_epi32(gray_sixteen(p + 96), gray_sixteen(p + 144));
    _mm512_storeu_si512(gray + x,
                        _mm512_permutexvar_epi32(order, _mm512_packus_epi16(first, second)));
  }
  gray_pixels(bgr, gray, x, n);
}

#include "frames/rows_body.hpp"

constexpr Rows kTable = table("avx512");

}  // namespace

const Rows* avx512() { return &kTable; }

}  // namespace asrbench::frames

#else

namespace asrbench::frames {
const Rows* avx512() { return nullptr; }
}  // namespace asrbench::frames

#endif
