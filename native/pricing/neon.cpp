// The simulation for 64-bit ARM: vectors of 16 bytes.
#include "pricing/simulate.hpp"

#if defined(__aarch64__)
#include <arm_neon.h>

namespace asrbench::pricing {
namespace {

constexpr std::size_t kBytes = 16;
#include "pricing/vectors.hpp"

inline Floats fma(Floats a, Floats b, Floats c) { return vfmaq_f32(c, a, b); }
inline Doubles fma(Doubles a, Doubles b, Doubles c) { return vfmaq_f64(c, a, b); }
inline Floats square_root(Floats a) { return vsqrtq_f32(a); }
inline Doubles square_root(Doubles a) { return vsqrtq_f64(a); }
inline Longs multiply_low(Longs a, Longs b) { return vmull_u32(vmovn_u64(a), vmovn_u64(b)); }
inline bool any(Ints mask) { return vmaxvq_u32(as<uint32x4_t>(mask)) != 0; }
inline bool any(LongInts mask) { return vmaxvq_u32(as<uint32x4_t>(mask)) != 0; }

#include "pricing/body.hpp"

constexpr Kernels kTable = table("neon");

}  // namespace

const Kernels* neon() { return &kTable; }

}  // namespace asrbench::pricing

#else

namespace asrbench::pricing {
const Kernels* neon() { return nullptr; }
}  // namespace asrbench::pricing

#endif
