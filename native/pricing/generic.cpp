// The simulation for any processor: vectors of sixteen bytes by the compiler's vector extension.
#include "pricing/simulate.hpp"

namespace asrbench::pricing {
namespace {

constexpr std::size_t kBytes = 16;
#include "pricing/vectors.hpp"

inline Floats fma(Floats a, Floats b, Floats c) { return a * b + c; }
inline Doubles fma(Doubles a, Doubles b, Doubles c) { return a * b + c; }
inline Floats square_root(Floats a) {
  for (std::size_t i = 0; i < Single::kLanes; ++i) a[i] = __builtin_sqrtf(a[i]);
  return a;
}
inline Doubles square_root(Doubles a) {
  for (std::size_t i = 0; i < Double::kLanes; ++i) a[i] = __builtin_sqrt(a[i]);
  return a;
}
inline Longs multiply_low(Longs a, Longs b) { return (a & 0xffffffffU) * (b & 0xffffffffU); }
inline bool any(LongInts mask) { return (mask[0] | mask[1]) != 0; }
inline bool any(Ints mask) { return any(as<LongInts>(mask)); }

#include "pricing/body.hpp"

constexpr Kernels kTable = table("generic");

}  // namespace

const Kernels* generic() { return &kTable; }

}  // namespace asrbench::pricing
