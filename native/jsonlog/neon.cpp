// The scan for 64-bit ARM: a word of characters is four vectors.
#include "jsonlog/marks.hpp"

#if defined(__aarch64__)
#include <arm_neon.h>

namespace asrbench::jsonlog {
namespace {

#include "jsonlog/looks.hpp"

struct Quarters {
  uint8x16_t of[4];
};

// A bit for each character of which all bits are set, of characters with all or none of them.
inline std::uint64_t bits(const Quarters& set) {
  const uint8x16_t place = {1, 2, 4, 8, 16, 32, 64, 128, 1, 2, 4, 8, 16, 32, 64, 128};
  const uint8x16_t low = vpaddq_u8(vandq_u8(set.of[0], place), vandq_u8(set.of[1], place));
  const uint8x16_t high = vpaddq_u8(vandq_u8(set.of[2], place), vandq_u8(set.of[3], place));
  const uint8x16_t both = vpaddq_u8(low, high);
  return vgetq_lane_u64(vreinterpretq_u64_u8(vpaddq_u8(both, both)), 0);
}

template <class Test>
inline std::uint64_t where(const Quarters& text, Test test) {
  return bits({{test(text.of[0]), test(text.of[1]), test(text.of[2]), test(text.of[3])}});
}

inline std::uint64_t equal(const Quarters& text, char c) {
  const uint8x16_t wanted = vdupq_n_u8(static_cast<std::uint8_t>(c));
  return where(text, [=](uint8x16_t v) { return vceqq_u8(v, wanted); });
}

// Where a table's entry is the character; of one that is not ASCII there is no entry.
inline std::uint64_t listed(const Quarters& text, const char* entries, char raise) {
  const uint8x16_t table = vld1q_u8(reinterpret_cast<const std::uint8_t*>(entries));
  const uint8x16_t bit = vdupq_n_u8(static_cast<std::uint8_t>(raise));
  return where(text, [=](uint8x16_t v) {
    const uint8x16_t raised = vorrq_u8(v, bit);
    return vceqq_u8(vqtbl1q_u8(table, vandq_u8(raised, vdupq_n_u8(0x0f))), raised);
  });
}

inline Looks look(const char* text) {
  const auto* const at = reinterpret_cast<const std::uint8_t*>(text);
  const Quarters v{{vld1q_u8(at), vld1q_u8(at + 16), vld1q_u8(at + 32), vld1q_u8(at + 48)}};
  return {
      .quote = equal(v, '"'),
      .backslash = equal(v, '\\'),
      .mark = listed(v, kMarked, kBit5),
      .space = listed(v, kSpaces, 0),
      .control = where(v, [](uint8x16_t c) { return vcltq_u8(c, vdupq_n_u8(' ')); }),
      .newline = equal(v, '\n'),
      .wide = where(v, [](uint8x16_t c) { return vcgeq_u8(c, vdupq_n_u8(0x80)); }),
  };
}

#include "jsonlog/marks_body.hpp"

constexpr Scan kScan{"neon", mark};

}  // namespace

const Scan* neon() { return &kScan; }

}  // namespace asrbench::jsonlog

#else

namespace asrbench::jsonlog {
const Scan* neon() { return nullptr; }
}  // namespace asrbench::jsonlog

#endif
