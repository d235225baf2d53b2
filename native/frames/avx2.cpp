// Row functions for AVX2: vectors of sixteen 16-bit integers.
#include "frames/rows.hpp"

#if defined(__AVX2__)
#include <immintrin.h>

namespace asrbench::frames {
namespace {

struct W {
  static constexpr std::size_t kLanes = 16;

  __m256i v;

  static W set(std::uint16_t x) { return {_mm256_set1_epi16(static_cast<short>(x))}; }
  static W load(const std::uint16_t* p) {
    return {_mm256_loadu_si256(reinterpret_cast<const __m256i*>(p))};
  }
  static W widen(const Byte* p) {
    return {_mm256_cvtepu8_epi16(_mm_loadu_si128(reinterpret_cast<const __m128i*>(p)))};
  }
  static void store(std::uint16_t* p, W a) {
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(p), a.v);
  }
  static W add(W a, W b) { return {_mm256_add_epi16(a.v, b.v)}; }
  static W sub(W a, W b) { return {_mm256_sub_epi16(a.v, b.v)}; }
  template <int bits>
  static W shift_left(W a) {
    return {_mm256_slli_epi16(a.v, bits)};
  }
  template <int bits>
  static W shift_right(W a) {
    return {_mm256_srli_epi16(a.v, bits)};
  }
  static W abs(W a) { return {_mm256_abs_epi16(a.v)}; }
  static void store_bytes(Byte* p, W a) {  // at most 255 of values below 2^15
    _mm_storeu_si128(
        reinterpret_cast<__m128i*>(p),
        _mm_packus_epi16(_mm256_castsi256_si128(a.v), _mm256_extracti128_si256(a.v, 1)));
  }
  static void store_lengths(float* p, W a, W b) {                  // the square root of a^2 + b^2
    const __m256 low = lengths(_mm256_unpacklo_epi16(a.v, b.v));   // of 0-3 and 8-11
    const __m256 high = lengths(_mm256_unpackhi_epi16(a.v, b.v));  // of 4-7 and 12-15
    _mm256_storeu_ps(p, _mm256_permute2f128_ps(low, high, 0x20));
    _mm256_storeu_ps(p + 8, _mm256_permute2f128_ps(low, high, 0x31));
  }

 private:
  static __m256 lengths(__m256i pairs) {
    return _mm256_sqrt_ps(_mm256_cvtepi32_ps(_mm256_madd_epi16(pairs, pairs)));
  }
};

#include "frames/gray_pixel.hpp"

// Eight gray values as 32 bits, of 24 bytes; 32 are read.
inline __m256i gray_eight(const Byte* bgr) {
  const __m256i quads = _mm256_permutevar8x32_epi32(  // four pixels in each half
      _mm256_loadu_si256(reinterpret_cast<const __m256i*>(bgr)),
      _mm256_setr_epi32(0, 1, 2, 3, 3, 4, 5, 6));
  const __m256i blue_green = _mm256_broadcastsi128_si256(
      _mm_setr_epi8(0, -1, 1, -1, 3, -1, 4, -1, 6, -1, 7, -1, 9, -1, 10, -1));
  const __m256i red = _mm256_broadcastsi128_si256(
      _mm_setr_epi8(2, -1, -1, -1, 5, -1, -1, -1, 8, -1, -1, -1, 11, -1, -1, -1));
  const __m256i sum =
      _mm256_add_epi32(_mm256_madd_epi16(_mm256_shuffle_epi8(quads, blue_green),
                                         _mm256_set1_epi32(kGreen << 16 | kBlue)),
                       _mm256_madd_epi16(_mm256_shuffle_epi8(quads, red), _mm256_set1_epi32(kRed)));
  return _mm256_srli_epi32(_mm256_add_epi32(sum, _mm256_set1_epi32(kGrayHalf)), kGrayShift);
}

void gray(const Byte* bgr, Byte* gray, std::size_t n) {
  constexpr std::size_t kPixels = 32;
  constexpr std::size_t kRead = 3;  // pixels behind the last that are read too
  const __m256i order = _mm256_setr_epi32(0, 4, 1, 5, 2, 6, 3, 7);
  std::size_t x = 0;
  for (; x + kPixels + kRead <= n; x += kPixels) {
    const Byte* p = bgr + kBgr * x;
    const __m256i first = _mm256_packus_epi32(gray_eight(p), gray_eight(p + 24));
    const __m256i second = _mm256_packus_epi32(gray_eight(p + 48), gray_eight(p + 72));
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(gray + x),
                        _mm256_permutevar8x32_epi32(_mm256_packus_epi16(first, second), order));
  }
  gray_pixels(bgr, gray, x, n);
}

#include "frames/rows_body.hpp"

constexpr Rows kTable = table("avx2");

}  // namespace

const Rows* avx2() { return &kTable; }

}  // namespace asrbench::frames

#else

namespace asrbench::frames {
const Rows* avx2() { return nullptr; }
}  // namespace asrbench::frames

#endif
