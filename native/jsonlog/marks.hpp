// The interface of a scan: what each instruction set marks in a text, a bit for each character.
#pragma once

#include <cstddef>
#include <cstdint>

namespace asrbench::jsonlog {

inline constexpr std::size_t kMarks = 64;  // characters whose marks make a word

// Words that a scan fills, one for every kMarks characters and one for those that are left.
struct Marks {
  std::uint64_t* tokens;    // where a token begins
  std::uint64_t* newlines;  // where a line ends
  std::uint8_t* wide;       // 1 where some of a word's characters are not ASCII
};

struct Scan {
  const char* isa;
  // Marks the text; false where a string does not end, or a control character stands in one, or one
  // that is no white space stands anywhere. UTF-8 is not looked at.
  bool (*mark)(const char* text, std::size_t size, const Marks& into);
};

const Scan* generic();
const Scan* avx2();  // null where it was not compiled in
const Scan* avx512();
const Scan* neon();

}  // namespace asrbench::jsonlog
