// Kernels for 64-bit ARM: vectors of four floats by NEON.
#include "kernels/kernels.hpp"

#if defined(__aarch64__)
#include <arm_neon.h>

namespace asrbench::kernels {
namespace {

struct V {
  static constexpr std::size_t kLanes = 4;

  float32x4_t v;

  static V zero() { return {vdupq_n_f32(0)}; }
  static V set(float x) { return {vdupq_n_f32(x)}; }
  static V load(const float* p) { return {vld1q_f32(p)}; }
  static V load(const std::uint16_t* p) {
    return {vcvt_f32_f16(vreinterpret_f16_u16(vld1_u16(p)))};
  }
  static void store(float* p, V a) { vst1q_f32(p, a.v); }
  static void hide(V& a) { asm volatile("" : "+w"(a.v)); }  // from the optimiser
  static V add(V a, V b) { return {vaddq_f32(a.v, b.v)}; }
  static V sub(V a, V b) { return {vsubq_f32(a.v, b.v)}; }
  static V mul(V a, V b) { return {vmulq_f32(a.v, b.v)}; }
  static V div(V a, V b) { return {vdivq_f32(a.v, b.v)}; }
  static V fma(V a, V b, V c) { return {vfmaq_f32(c.v, a.v, b.v)}; }
  static V max(V a, V b) { return {vmaxq_f32(a.v, b.v)}; }
  static V min(V a, V b) { return {vminq_f32(a.v, b.v)}; }
  static V round(V a) { return {vrndnq_f32(a.v)}; }
  static V power_of_two(V n) {
    const int32x4_t biased = vaddq_s32(vcvtnq_s32_f32(n.v), vdupq_n_s32(127));
    return {vreinterpretq_f32_s32(vshlq_n_s32(biased, 23))};
  }
  static float sum(V a) { return vaddvq_f32(a.v); }
  static float max_lane(V a) { return vmaxvq_f32(a.v); }
  static float root(float x) { return vget_lane_f32(vsqrt_f32(vdup_n_f32(x)), 0); }
};

struct I {
  int32x4_t v;

  static I zero() { return {vdupq_n_s32(0)}; }
  static I load(const void* p) {
    return {vreinterpretq_s32_s8(vld1q_s8(static_cast<const std::int8_t*>(p)))};
  }
  static I four_bytes(const void* p) {
    std::int32_t word;
    __builtin_memcpy(&word, p, sizeof word);
    return {vdupq_n_s32(word)};
  }
  static void hide(I& a) { asm volatile("" : "+w"(a.v)); }
  static I even(I a) {
    return {vreinterpretq_s32_s16(vshrq_n_s16(vshlq_n_s16(vreinterpretq_s16_s32(a.v), 8), 8))};
  }
  static I odd(I a) { return {vreinterpretq_s32_s16(vshrq_n_s16(vreinterpretq_s16_s32(a.v), 8))}; }
  static I sub(I a, I b) { return {vsubq_s32(a.v, b.v)}; }
  static V floats(I a) { return {vcvtq_f32_s32(a.v)}; }
  static void store_int16(std::int16_t* p, V a) { vst1_s16(p, vmovn_s32(vcvtnq_s32_f32(a.v))); }
};

struct Dot {
  static constexpr std::int32_t kLevels = 63;  // moved up it stays below 128: signed bytes will do

  static I dot_int8(I sum, I a, I b) {
#if defined(__ARM_FEATURE_DOTPROD)
    return {vdotq_s32(sum.v, vreinterpretq_s8_s32(a.v), vreinterpretq_s8_s32(b.v))};
#else
    const int8x16_t x = vreinterpretq_s8_s32(a.v);
    const int8x16_t y = vreinterpretq_s8_s32(b.v);
    const int16x8_t low = vmull_s8(vget_low_s8(x), vget_low_s8(y));
    const int16x8_t high = vmull_high_s8(x, y);
    return {vaddq_s32(sum.v, vpaddq_s32(vpaddlq_s16(low), vpaddlq_s16(high)))};
#endif
  }
  static I dot_int16(I sum, I a, I b) {
    const int16x8_t x = vreinterpretq_s16_s32(a.v);
    const int16x8_t y = vreinterpretq_s16_s32(b.v);
    const int32x4_t low = vmull_s16(vget_low_s16(x), vget_low_s16(y));
    return {vaddq_s32(sum.v, vpaddq_s32(low, vmull_high_s16(x, y)))};
  }
};

constexpr std::size_t kTile = 8;  // 8 x 3 sums, 3 of B and 1 of A in 32 registers
constexpr std::size_t kVectors = 3;
#include "kernels/body.hpp"
#include "kernels/float_rows.hpp"
#include "kernels/int_body.hpp"

constexpr Kernels kTable = table("neon");

}  // namespace

const Kernels* neon() { return &kTable; }

}  // namespace asrbench::kernels

#else

namespace asrbench::kernels {
const Kernels* neon() { return nullptr; }
}  // namespace asrbench::kernels

#endif
