// What a filter sees beyond the border of an image.
#pragma once

#include <cstddef>
#include <string>

namespace asrbench::frames {

// The names and meanings of OpenCV's border types, for the pixels a b c d ... of a row:
enum class Border {
  kReflect101,  // c b | a b c
  kReflect,     // b a | a b c
  kReplicate,   // a a | a b c
  kConstant,    // 0 0 | a b c
};

inline constexpr std::ptrdiff_t kOutside = -1;  // a pixel of value 0

// The place in [0, size) of what lies at `place`, which may be any integer; or kOutside.
[[nodiscard]] std::ptrdiff_t reflected(std::ptrdiff_t place, std::ptrdiff_t size, Border border);

// Reads "reflect101", "reflect", "replicate" or "constant". Throws OptionError for another name.
[[nodiscard]] Border border_of(const std::string& name);

}  // namespace asrbench::frames
