// UTF-8 to characters, whatever the bytes are.
#pragma once

#include <string>
#include <string_view>

namespace asrbench {

inline constexpr char32_t kReplacement = 0xfffd;

// The characters of the bytes. What is no character becomes kReplacement: once for each longest
// beginning of one (Unicode 15, section 3.9, "maximal subparts"), as Python's "replace" has it.
[[nodiscard]] std::u32string decode(std::string_view bytes);

}  // namespace asrbench
