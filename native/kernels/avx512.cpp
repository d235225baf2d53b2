// Kernels for AVX-512 (F, VL, BW, DQ): vectors of sixteen floats.
#include "kernels/kernels.hpp"

#if defined(__AVX512F__) && defined(__AVX512DQ__) && defined(__AVX512BW__)
#include <immintrin.h>

namespace asrbench::kernels {
namespace {

#include "kernels/avx512_vectors.hpp"

struct Dot {
  static constexpr std::int32_t kLevels = 63;  // 2 x 127 x 128 fits the 16 bits of a pair

  static I dot_int8(I sum, I a, I b) {
    const __m512i pairs = _mm512_maddubs_epi16(a.bits(), b.bits());
    return {sum.v + I::of(_mm512_madd_epi16(pairs, _mm512_set1_epi16(1))).v};
  }
  static I dot_int16(I sum, I a, I b) {
    return {sum.v + I::of(_mm512_madd_epi16(a.bits(), b.bits())).v};
  }
};

constexpr std::size_t kTile = 12;  // 12 x 2 sums, 2 of B and 1 of A in 32 registers
constexpr std::size_t kVectors = 2;
#include "kernels/body.hpp"
#include "kernels/float_rows.hpp"
#include "kernels/int_body.hpp"

constexpr Kernels kTable = table("avx512");

}  // namespace

const Kernels* avx512() { return &kTable; }

}  // namespace asrbench::kernels

#else

namespace asrbench::kernels {
const Kernels* avx512() { return nullptr; }
}  // namespace asrbench::kernels

#endif
