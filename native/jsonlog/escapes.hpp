// What a string of JSON (RFC 8259) means, or that it means nothing.
#pragma once

#include <string>
#include <string_view>

namespace asrbench::jsonlog {

// Writes what the characters between two quotes mean, as UTF-8; false for a wrong escape, or one
// that is half of a surrogate pair. The text is UTF-8 without control characters.
[[nodiscard]] bool unescape(std::string_view raw, std::string& into);

}  // namespace asrbench::jsonlog
