// Kernels for AVX-512 (F, VL, BW, DQ): vectors of sixteen floats.
#include "kernels/kernels.hpp"

#if defined(__AVX512F__) && defined(__AVX512DQ__)
#include <immintrin.h>

namespace asrbench::kernels {
namespace {

struct V {
  static constexpr std::size_t kLanes = 16;

  __m512 v;

  static V zero() { return {_mm512_setzero_ps()}; }
  static V set(float x) { return {_mm512_set1_ps(x)}; }
  static V load(const float* p) { return {_mm512_loadu_ps(p)}; }
  static V load(const std::uint16_t* p) {
    return {_mm512_cvtph_ps(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(p)))};
  }
  static void store(float* p, V a) { _mm512_storeu_ps(p, a.v); }
  static V add(V a, V b) { return {_mm512_add_ps(a.v, b.v)}; }
  static V sub(V a, V b) { return {_mm512_sub_ps(a.v, b.v)}; }
  static V mul(V a, V b) { return {_mm512_mul_ps(a.v, b.v)}; }
  static V div(V a, V b) { return {_mm512_div_ps(a.v, b.v)}; }
  static V fma(V a, V b, V c) { return {_mm512_fmadd_ps(a.v, b.v, c.v)}; }
  static V max(V a, V b) { return {_mm512_max_ps(a.v, b.v)}; }
  static V min(V a, V b) { return {_mm512_min_ps(a.v, b.v)}; }
  static V round(V a) { return {_mm512_roundscale_ps(a.v, _MM_FROUND_TO_NEAREST_INT)}; }
  static V power_of_two(V n) {
    const __m512i biased = _mm512_add_epi32(_mm512_cvtps_epi32(n.v), _mm512_set1_epi32(127));
    return {_mm512_castsi512_ps(_mm512_slli_epi32(biased, 23))};
  }
  static float sum(V a) { return _mm512_reduce_add_ps(a.v); }
  static float max_lane(V a) { return _mm512_reduce_max_ps(a.v); }
  static float root(float x) { return _mm_cvtss_f32(_mm_sqrt_ss(_mm_set_ss(x))); }
};

constexpr std::size_t kTile = 12;  // 12 x 2 sums, 2 of B and 1 of A in 32 registers
constexpr std::size_t kVectors = 2;
#include "kernels/body.hpp"

constexpr Kernels kTable = table("avx512");

}  // namespace

const Kernels* avx512() { return &kTable; }

}  // namespace asrbench::kernels

#else

namespace asrbench::kernels {
const Kernels* avx512() { return nullptr; }
}  // namespace asrbench::kernels

#endif
