// Where the tokens of a text begin, by simdjson's first stage as this processor does it best.
//
// A token is one of {}[]:, or begins a string, or any other run of characters. A backslash takes
// the next character with it. simdjson chooses its code at run time; where it has none but its
// scalar code, whose tokens are others in a text that is no JSON, a scalar loop of our own does the
// same.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "jsonlog/reason.hpp"

namespace asrbench::jsonlog {

class Tokens {
 public:
  Tokens();
  ~Tokens();
  Tokens(const Tokens&) = delete;
  Tokens& operator=(const Tokens&) = delete;

  // Finds all tokens of a text that is UTF-8, has no control characters but white space, and no
  // string that goes on into the next line; false where it is not so. Throws Error without memory.
  [[nodiscard]] bool find(const char* text, std::size_t size);

  // Offsets of the tokens found, in rising order, then kBehind that are larger than any.
  [[nodiscard]] const std::uint32_t* begin() const { return begin_; }

  static constexpr std::size_t kBehind = 8;

 private:
  struct Simd;

  [[nodiscard]] bool find_generic(const char* text, std::size_t size);

  std::unique_ptr<Simd> simd_;  // none where the scalar loop is used
  std::vector<std::uint32_t> generic_;
  const std::uint32_t* begin_ = nullptr;
};

// What is wrong with a text of one line in which `find` found nothing.
[[nodiscard]] Reason why_not(const char* text, std::size_t size);

// Whether there is a control character other than tab, newline and carriage return.
[[nodiscard]] bool has_control(const char* text, std::size_t size);

}  // namespace asrbench::jsonlog
