// The scan for AVX-512 (F, BW): a word of characters is one vector.
#include "jsonlog/marks.hpp"

#if defined(__AVX512F__) && defined(__AVX512BW__)
#include <immintrin.h>

namespace asrbench::jsonlog {
namespace {

#include "jsonlog/looks.hpp"

inline __m512i table(const char* entries) {
  return _mm512_broadcast_i32x4(_mm_loadu_si128(reinterpret_cast<const __m128i*>(entries)));
}

inline Looks look(const char* text) {
  const __m512i v = _mm512_loadu_si512(text);
  const __m512i raised = _mm512_or_si512(v, _mm512_set1_epi8(kBit5));
  return {
      .quote = _mm512_cmpeq_epi8_mask(v, _mm512_set1_epi8('"')),
      .backslash = _mm512_cmpeq_epi8_mask(v, _mm512_set1_epi8('\\')),
      .mark = _mm512_cmpeq_epi8_mask(_mm512_shuffle_epi8(table(kMarked), raised), raised),
      .space = _mm512_cmpeq_epi8_mask(_mm512_shuffle_epi8(table(kSpaces), v), v),
      .control = _mm512_cmplt_epu8_mask(v, _mm512_set1_epi8(' ')),
      .newline = _mm512_cmpeq_epi8_mask(v, _mm512_set1_epi8('\n')),
      .wide = _mm512_movepi8_mask(v),
  };
}

#include "jsonlog/marks_body.hpp"

constexpr Scan kScan{"avx512", mark};

}  // namespace

const Scan* avx512() { return &kScan; }

}  // namespace asrbench::jsonlog

#else

namespace asrbench::jsonlog {
const Scan* avx512() { return nullptr; }
}  // namespace asrbench::jsonlog

#endif
