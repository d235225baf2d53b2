// Kernels for AVX2 with FMA and half-precision conversion: vectors of eight floats.
#include "kernels/kernels.hpp"

#if defined(__AVX2__) && defined(__FMA__) && defined(__F16C__)
#include <immintrin.h>

namespace asrbench::kernels {
namespace {

struct V {
  static constexpr std::size_t kLanes = 8;

  __m256 v;

  static V zero() { return {_mm256_setzero_ps()}; }
  static V set(float x) { return {_mm256_set1_ps(x)}; }
  static V load(const float* p) { return {_mm256_loadu_ps(p)}; }
  static V load(const std::uint16_t* p) {
    return {_mm256_cvtph_ps(_mm_loadu_si128(reinterpret_cast<const __m128i*>(p)))};
  }
  static void store(float* p, V a) { _mm256_storeu_ps(p, a.v); }
  static void hide(V& a) { asm volatile("" : "+x"(a.v)); }  // from the optimiser
  static V add(V a, V b) { return {_mm256_add_ps(a.v, b.v)}; }
  static V sub(V a, V b) { return {_mm256_sub_ps(a.v, b.v)}; }
  static V mul(V a, V b) { return {_mm256_mul_ps(a.v, b.v)}; }
  static V div(V a, V b) { return {_mm256_div_ps(a.v, b.v)}; }
  static V fma(V a, V b, V c) { return {_mm256_fmadd_ps(a.v, b.v, c.v)}; }
  static V max(V a, V b) { return {_mm256_max_ps(a.v, b.v)}; }
  static V min(V a, V b) { return {_mm256_min_ps(a.v, b.v)}; }
  static V round(V a) {
    return {_mm256_round_ps(a.v, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC)};
  }
  static V power_of_two(V n) {
    const __m256i biased = _mm256_add_epi32(_mm256_cvtps_epi32(n.v), _mm256_set1_epi32(127));
    return {_mm256_castsi256_ps(_mm256_slli_epi32(biased, 23))};
  }
  static float sum(V a) {
    __m128 x = _mm_add_ps(_mm256_castps256_ps128(a.v), _mm256_extractf128_ps(a.v, 1));
    x = _mm_add_ps(x, _mm_movehl_ps(x, x));
    return _mm_cvtss_f32(_mm_add_ss(x, _mm_movehdup_ps(x)));
  }
  static float max_lane(V a) {
    __m128 x = _mm_max_ps(_mm256_castps256_ps128(a.v), _mm256_extractf128_ps(a.v, 1));
    x = _mm_max_ps(x, _mm_movehl_ps(x, x));
    return _mm_cvtss_f32(_mm_max_ss(x, _mm_movehdup_ps(x)));
  }
  static float root(float x) { return _mm_cvtss_f32(_mm_sqrt_ss(_mm_set_ss(x))); }
};

struct I {
  __m256i v;

  static I zero() { return {_mm256_setzero_si256()}; }
  static I load(const void* p) { return {_mm256_loadu_si256(static_cast<const __m256i*>(p))}; }
  static I four_bytes(const void* p) {
    std::int32_t word;
    __builtin_memcpy(&word, p, sizeof word);
    return {_mm256_set1_epi32(word)};
  }
  static void hide(I& a) { asm volatile("" : "+x"(a.v)); }
  static I even(I a) { return {_mm256_srai_epi16(_mm256_slli_epi16(a.v, 8), 8)}; }
  static I odd(I a) { return {_mm256_srai_epi16(a.v, 8)}; }
  static I sub(I a, I b) { return {_mm256_sub_epi32(a.v, b.v)}; }
  static V floats(I a) { return {_mm256_cvtepi32_ps(a.v)}; }
  static void store_int16(std::int16_t* p, V a) {
    const __m256i wide = _mm256_cvtps_epi32(a.v);
    _mm_storeu_si128(
        reinterpret_cast<__m128i*>(p),
        _mm_packs_epi32(_mm256_castsi256_si128(wide), _mm256_extracti128_si256(wide, 1)));
  }
};

struct Dot {
  static constexpr std::int32_t kLevels = 63;  // 2 x 127 x 128 fits the 16 bits of a pair

  static I dot_int8(I sum, I a, I b) {
    const __m256i pairs = _mm256_maddubs_epi16(a.v, b.v);
    return {_mm256_add_epi32(sum.v, _mm256_madd_epi16(pairs, _mm256_set1_epi16(1)))};
  }
  static I dot_int16(I sum, I a, I b) {
    return {_mm256_add_epi32(sum.v, _mm256_madd_epi16(a.v, b.v))};
  }
};

constexpr std::size_t kTile = 6;  // 6 x 2 sums, 2 of B and 1 of A in 16 registers
constexpr std::size_t kVectors = 2;
#include "kernels/body.hpp"
#include "kernels/float_rows.hpp"
#include "kernels/int_body.hpp"

constexpr Kernels kTable = table("avx2");

}  // namespace

const Kernels* avx2() { return &kTable; }

}  // namespace asrbench::kernels

#else

namespace asrbench::kernels {
const Kernels* avx2() { return nullptr; }
}  // namespace asrbench::kernels

#endif
