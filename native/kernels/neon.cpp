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

constexpr std::size_t kTile = 8;  // 8 x 3 sums, 3 of B and 1 of A in 32 registers
constexpr std::size_t kVectors = 3;
#include "kernels/body.hpp"

constexpr Kernels kTable = table("neon");

}  // namespace

const Kernels* neon() { return &kTable; }

}  // namespace asrbench::kernels

#else

namespace asrbench::kernels {
const Kernels* neon() { return nullptr; }
}  // namespace asrbench::kernels

#endif
