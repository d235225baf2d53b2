// The whole grammar of a line, for --strict: every token, number and escape, by RFC 8259.
#pragma once

#include <string>

#include "jsonlog/cursor.hpp"
#include "jsonlog/reason.hpp"

namespace asrbench::jsonlog {

class Grammar {
 public:
  // What is wrong first in the line.
  [[nodiscard]] Reason check(Cursor line);

 private:
  std::string scratch_;
};

}  // namespace asrbench::jsonlog
