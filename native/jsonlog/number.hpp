// What a number of JSON (RFC 8259) stands for, or that it is none.
#pragma once

#include <string_view>

namespace asrbench::jsonlog {

// Whether the text is a number by RFC 8259, section 6, whatever its size.
[[nodiscard]] bool is_number(std::string_view text);

// Reads a number: the double nearest to it; false where it is none, or beyond the largest double.
[[nodiscard]] bool read_number(std::string_view text, double& into);

}  // namespace asrbench::jsonlog
