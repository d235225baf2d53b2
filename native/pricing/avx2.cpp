// The simulation for AVX2 with FMA: vectors of 32 bytes.
#include "pricing/simulate.hpp"

#if defined(__AVX2__) && defined(__FMA__)
#include <immintrin.h>

namespace asrbench::pricing {
namespace {

constexpr std::size_t kBytes = 32;
#include "pricing/vectors.hpp"

inline Floats fma(Floats a, Floats b, Floats c) { return _mm256_fmadd_ps(a, b, c); }
inline Doubles fma(Doubles a, Doubles b, Doubles c) { return _mm256_fmadd_pd(a, b, c); }
inline Floats square_root(Floats a) { return _mm256_sqrt_ps(a); }
inline Doubles square_root(Doubles a) { return _mm256_sqrt_pd(a); }
inline Longs multiply_low(Longs a, Longs b) {
  return as<Longs>(_mm256_mul_epu32(as<__m256i>(a), as<__m256i>(b)));
}
inline bool any(Ints mask) { return _mm256_movemask_ps(as<__m256>(mask)) != 0; }
inline bool any(LongInts mask) { return _mm256_movemask_pd(as<__m256d>(mask)) != 0; }

#include "pricing/body.hpp"

constexpr Kernels kTable = table("avx2");

}  // namespace

const Kernels* avx2() { return &kTable; }

}  // namespace asrbench::pricing

#else

namespace asrbench::pricing {
const Kernels* avx2() { return nullptr; }
}  // namespace asrbench::pricing

#endif
