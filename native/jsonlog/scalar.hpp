// What a string or a number of JSON (RFC 8259) stands for, or that it is none.
#pragma once

#include <string>
#include <string_view>

namespace asrbench::jsonlog {

// Writes what the characters between two quotes mean, as UTF-8; false for a wrong escape, or one
// that is half of a surrogate pair. The text is UTF-8 without control characters.
[[nodiscard]] bool unescape(std::string_view raw, std::string& into);

// Whether the text is a number by RFC 8259, section 6, whatever its size.
[[nodiscard]] bool is_number(std::string_view text);

// Reads a number: the double nearest to it; false where it is none, or beyond the largest double.
[[nodiscard]] bool read_number(std::string_view text, double& into);

}  // namespace asrbench::jsonlog
