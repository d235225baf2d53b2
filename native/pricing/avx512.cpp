// The simulation for AVX-512 (F, VL, BW, DQ): vectors of 64 bytes.
#include "pricing/simulate.hpp"

#if defined(__AVX512F__) && defined(__AVX512DQ__) && defined(__AVX512BW__)
#include <immintrin.h>

namespace asrbench::pricing {
namespace {

constexpr std::size_t kBytes = 64;
#include "pricing/vectors.hpp"

inline Floats fma(Floats a, Floats b, Floats c) { return _mm512_fmadd_ps(a, b, c); }
inline Doubles fma(Doubles a, Doubles b, Doubles c) { return _mm512_fmadd_pd(a, b, c); }
inline Floats square_root(Floats a) { return _mm512_sqrt_ps(a); }
inline Doubles square_root(Doubles a) { return _mm512_sqrt_pd(a); }
inline Longs multiply_low(Longs a, Longs b) {
  return as<Longs>(_mm512_mul_epu32(as<__m512i>(a), as<__m512i>(b)));
}
inline bool any(Ints mask) { return _mm512_movepi32_mask(as<__m512i>(mask)) != 0; }
inline bool any(LongInts mask) { return _mm512_movepi64_mask(as<__m512i>(mask)) != 0; }

#include "pricing/body.hpp"

constexpr Kernels kTable = table("avx512");

}  // namespace

const Kernels* avx512() { return &kTable; }

}  // namespace asrbench::pricing

#else

namespace asrbench::pricing {
const Kernels* avx512() { return nullptr; }
}  // namespace asrbench::pricing

#endif
