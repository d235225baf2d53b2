// Kernels for any processor: vectors of four floats by the compiler's vector extension.
#include <bit>

#include "core/half.hpp"
#include "kernels/kernels.hpp"

namespace asrbench::kernels {
namespace {

struct V {
  static constexpr std::size_t kLanes = 4;
  using Floats = float __attribute__((vector_size(16)));
  using Ints = std::int32_t __attribute__((vector_size(16)));

  Floats v;

  static V zero() { return {Floats{}}; }
  static V set(float x) { return {Floats{x, x, x, x}}; }
  static V load(const float* p) {
    V r;
    __builtin_memcpy(&r.v, p, sizeof r.v);
    return r;
  }
  static V load(const std::uint16_t* p) {
    return {Floats{half(p), half(p + 1), half(p + 2), half(p + 3)}};
  }
  static void store(float* p, V a) { __builtin_memcpy(p, &a.v, sizeof a.v); }
  static V add(V a, V b) { return {a.v + b.v}; }
  static V sub(V a, V b) { return {a.v - b.v}; }
  static V mul(V a, V b) { return {a.v * b.v}; }
  static V div(V a, V b) { return {a.v / b.v}; }
  static V fma(V a, V b, V c) { return {a.v * b.v + c.v}; }
  static V max(V a, V b) { return {a.v > b.v ? a.v : b.v}; }
  static V min(V a, V b) { return {a.v < b.v ? a.v : b.v}; }
  static V round(V a) {  // |a| < 2^22: adding 1.5 * 2^23 leaves no bit below one
    const Floats big = set(12582912.0F).v;
    return {(a.v + big) - big};
  }
  static V power_of_two(V n) {
    const Ints bits = (__builtin_convertvector(n.v, Ints) + 127) << 23;
    return {std::bit_cast<Floats>(bits)};
  }
  static float sum(V a) { return (a.v[0] + a.v[2]) + (a.v[1] + a.v[3]); }
  static float max_lane(V a) {
    const float x = a.v[0] > a.v[1] ? a.v[0] : a.v[1];
    const float y = a.v[2] > a.v[3] ? a.v[2] : a.v[3];
    return x > y ? x : y;
  }
  static float root(float x) { return __builtin_sqrtf(x); }

 private:
  static float half(const std::uint16_t* p) {
    std::uint16_t stored;
    __builtin_memcpy(&stored, p, sizeof stored);
    return half_to_float(stored);
  }
};

constexpr std::size_t kTile = 4;
constexpr std::size_t kVectors = 2;
#include "kernels/body.hpp"

constexpr Kernels kTable = table("generic");

}  // namespace

const Kernels* generic() { return &kTable; }

}  // namespace asrbench::kernels
