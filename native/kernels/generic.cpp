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
  static void hide(V& a) { asm volatile("" : "+m"(a.v)); }  // from the optimiser
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

struct I {  // a lane is four bytes or two pairs of them, as the processor would have them
  std::int32_t v[V::kLanes];

  static I zero() { return {}; }
  static I load(const void* p) {
    I r;
    __builtin_memcpy(r.v, p, sizeof r.v);
    return r;
  }
  static I four_bytes(const void* p) {
    std::int32_t word;
    __builtin_memcpy(&word, p, sizeof word);
    return {{word, word, word, word}};
  }
  static void hide(I& a) { asm volatile("" : "+m"(a.v)); }
  static I even(I a) { return pairs(a, 0); }
  static I odd(I a) { return pairs(a, 1); }
  static I sub(I a, I b) {
    for (std::size_t i = 0; i < V::kLanes; ++i) a.v[i] -= b.v[i];
    return a;
  }
  static V floats(I a) {
    V r;
    for (std::size_t i = 0; i < V::kLanes; ++i) r.v[i] = static_cast<float>(a.v[i]);
    return r;
  }
  static void store_int16(std::int16_t* p, V a) {
    for (std::size_t i = 0; i < V::kLanes; ++i) {
      p[i] = a.v[i] == a.v[i] ? static_cast<std::int16_t>(a.v[i]) : std::int16_t{0};  // 0 for NaN
    }
  }

 private:
  static I pairs(I a, std::size_t first) {
    std::int8_t bytes[sizeof a.v];
    std::int16_t wide[sizeof a.v / 2];
    __builtin_memcpy(bytes, a.v, sizeof a.v);
    for (std::size_t i = 0; i < sizeof a.v / 2; ++i) wide[i] = bytes[2 * i + first];
    return load(wide);
  }
};

struct Dot {
  static constexpr std::int32_t kLevels = 127;

  static I dot_int8(I sum, I a, I b) { return dot<std::uint8_t, std::int8_t>(sum, a, b); }
  static I dot_int16(I sum, I a, I b) { return dot<std::int16_t, std::int16_t>(sum, a, b); }

 private:
  template <class Left, class Right>
  static I dot(I sum, I a, I b) {
    constexpr std::size_t kEach = sizeof(std::int32_t) / sizeof(Left);
    Left left[kEach * V::kLanes];
    Right right[kEach * V::kLanes];
    __builtin_memcpy(left, a.v, sizeof left);
    __builtin_memcpy(right, b.v, sizeof right);
    for (std::size_t i = 0; i < kEach * V::kLanes; ++i) sum.v[i / kEach] += left[i] * right[i];
    return sum;
  }
};

constexpr std::size_t kTile = 4;
constexpr std::size_t kVectors = 2;
#include "kernels/body.hpp"
#include "kernels/float_rows.hpp"
#include "kernels/int_body.hpp"

constexpr Kernels kTable = table("generic");

}  // namespace

const Kernels* generic() { return &kTable; }

}  // namespace asrbench::kernels
