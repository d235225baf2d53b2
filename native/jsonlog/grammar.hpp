// The whole grammar of a line, for --strict: every token, number and escape, by RFC 8259.
#pragma once

#include <cstdint>
#include <string>

#include "jsonlog/reason.hpp"

namespace asrbench::jsonlog {

class Grammar {
 public:
  // What is wrong first in the line whose tokens begin at `token` and which ends before `end`.
  [[nodiscard]] Reason check(const char* text, const std::uint32_t* token, std::uint32_t end);

 private:
  std::string scratch_;
};

}  // namespace asrbench::jsonlog
