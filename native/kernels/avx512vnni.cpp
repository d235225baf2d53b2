// Kernels for AVX-512 with VNNI, whose dot products of small integers are one instruction.
#include "kernels/kernels.hpp"

#if defined(__AVX512F__) && defined(__AVX512DQ__) && defined(__AVX512BW__) && \
    defined(__AVX512VNNI__)
#include <immintrin.h>

namespace asrbench::kernels {
namespace {

#include "kernels/avx512_vectors.hpp"

struct Dot {
  static constexpr std::int32_t kLevels = 127;

  static I dot_int8(I sum, I a, I b) {
    return I::of(_mm512_dpbusd_epi32(sum.bits(), a.bits(), b.bits()));
  }
  static I dot_int16(I sum, I a, I b) {
    return I::of(_mm512_dpwssd_epi32(sum.bits(), a.bits(), b.bits()));
  }
};

constexpr std::size_t kTile = 12;  // 12 x 2 sums, 2 of B and 1 of A in 32 registers
constexpr std::size_t kVectors = 2;
#include "kernels/body.hpp"
#include "kernels/float_rows.hpp"
#include "kernels/int_body.hpp"

constexpr Kernels kTable = table("avx512vnni");

}  // namespace

const Kernels* avx512vnni() { return &kTable; }

}  // namespace asrbench::kernels

#else

namespace asrbench::kernels {
const Kernels* avx512vnni() { return nullptr; }
}  // namespace asrbench::kernels

#endif
