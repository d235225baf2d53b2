// The tokens of one line, one by one; behind the last one there is only '\0', which no text
// contains.
#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstring>

namespace asrbench::jsonlog {

// The first mark from a place on. There must be one, and a word of marks behind it. The word is
// read from the byte of that place, so that the next 57 places are in it wherever they lie.
inline std::uint32_t next_mark(const std::uint64_t* marks, std::uint32_t at) {
  static_assert(std::endian::native == std::endian::little);
  while (true) {
    std::uint64_t ahead = 0;
    std::memcpy(&ahead, reinterpret_cast<const char*>(marks) + at / 8, sizeof ahead);
    ahead >>= at % 8;
    if (ahead != 0) return at + static_cast<std::uint32_t>(std::countr_zero(ahead));
    at = at / 8 * 8 + 64;
  }
}

struct Cursor {
  const char* text;
  const std::uint64_t* tokens;  // marks of the text
  std::uint32_t at;             // where a token begins, or the end or a place behind it
  std::uint32_t end;            // of the line

  // From the first token on that does not lie before `begin`.
  Cursor(const char* of, const std::uint64_t* marks, std::uint32_t begin, std::uint32_t line_end)
      : text(of), tokens(marks), at(next_mark(marks, begin)), end(line_end) {}

  [[nodiscard]] bool done() const { return at >= end; }
  [[nodiscard]] char peek() const { return at < end ? text[at] : '\0'; }
  [[nodiscard]] std::uint32_t begin() const { return std::min(at, end); }
  void next() { at = next_mark(tokens, at + 1); }
};

}  // namespace asrbench::jsonlog
