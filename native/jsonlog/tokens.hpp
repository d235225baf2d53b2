// Where the tokens and the lines of a text begin and end, marked as this processor does it best.
//
// A token is one of {}[]:, or begins a string, or any other run of characters. A backslash takes
// the next character with it. Whether the text is UTF-8 says simdjson.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "jsonlog/marks.hpp"
#include "jsonlog/reason.hpp"

namespace asrbench::jsonlog {

class Tokens {
 public:
  // Throws OptionError where ASRBENCH_ISA names what cannot run here.
  Tokens();

  // Marks all tokens of a text that is UTF-8, has no control characters but white space, and no
  // string that goes on into the next line; false where it is not so.
  [[nodiscard]] bool find(const char* text, std::size_t size);

  // The marks of the text found last, for `next_mark`: the first characters of its tokens, and its
  // newlines. Behind the text there are two words of marks.
  [[nodiscard]] const std::uint64_t* tokens() const { return tokens_.data(); }
  [[nodiscard]] const std::uint64_t* newlines() const { return newlines_.data(); }

 private:
  [[nodiscard]] bool is_utf8(const char* text, std::size_t size) const;

  const Scan& scan_;
  std::vector<std::uint64_t> tokens_;
  std::vector<std::uint64_t> newlines_;
  std::vector<std::uint8_t> wide_;
};

// What is wrong with a text of one line in which `find` found nothing.
[[nodiscard]] Reason why_not(const char* text, std::size_t size);

}  // namespace asrbench::jsonlog
