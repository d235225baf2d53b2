// The scan for AVX2: a word of characters is two vectors.
#include "jsonlog/marks.hpp"

#if defined(__AVX2__)
#include <immintrin.h>

namespace asrbench::jsonlog {
namespace {

#include "jsonlog/looks.hpp"

inline __m256i table(const char* entries) {
  return _mm256_broadcastsi128_si256(_mm_loadu_si128(reinterpret_cast<const __m128i*>(entries)));
}

struct Pair {
  __m256i low, high;
};

inline std::uint64_t tops(__m256i low, __m256i high) {  // the highest bit of each
  return static_cast<std::uint32_t>(_mm256_movemask_epi8(low)) |
         std::uint64_t{static_cast<std::uint32_t>(_mm256_movemask_epi8(high))} << 32U;
}

inline std::uint64_t equal(Pair a, Pair b) {
  return tops(_mm256_cmpeq_epi8(a.low, b.low), _mm256_cmpeq_epi8(a.high, b.high));
}

inline Pair all(char c) { return {_mm256_set1_epi8(c), _mm256_set1_epi8(c)}; }

inline Pair entries(const char* of, Pair at) {
  return {_mm256_shuffle_epi8(table(of), at.low), _mm256_shuffle_epi8(table(of), at.high)};
}

inline Looks look(const char* text) {
  const auto* const at = reinterpret_cast<const __m256i*>(text);
  const Pair v{_mm256_loadu_si256(at), _mm256_loadu_si256(at + 1)};
  const __m256i bit5 = _mm256_set1_epi8(kBit5);
  const Pair raised{_mm256_or_si256(v.low, bit5), _mm256_or_si256(v.high, bit5)};
  const __m256i most = _mm256_set1_epi8(' ' - 1);
  const Pair low{_mm256_min_epu8(v.low, most), _mm256_min_epu8(v.high, most)};
  return {
      .quote = equal(v, all('"')),
      .backslash = equal(v, all('\\')),
      .mark = equal(entries(kMarked, raised), raised),
      .space = equal(entries(kSpaces, v), v),
      .control = equal(low, v),
      .newline = equal(v, all('\n')),
      .wide = tops(v.low, v.high),
  };
}

#include "jsonlog/marks_body.hpp"

constexpr Scan kScan{"avx2", mark};

}  // namespace

const Scan* avx2() { return &kScan; }

}  // namespace asrbench::jsonlog

#else

namespace asrbench::jsonlog {
const Scan* avx2() { return nullptr; }
}  // namespace asrbench::jsonlog

#endif
