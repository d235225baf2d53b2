// Five functions with next to nothing in them, so that a call is what it costs to get there and
// back.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace asrbench::boundary {

inline void nothing() {}

[[nodiscard]] inline double scalars(std::int64_t count, double value) {
  return static_cast<double>(count) * value;
}

// The first value and the last one, added; 0 of none.
[[nodiscard]] inline double array_in(std::span<const float> values) {
  return values.empty() ? 0.0 : double{values.front()} + double{values.back()};
}

// 0, 1, 2 and so on.
inline void array_out(std::span<float> values) {
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = static_cast<float>(i);
}

// 256 times the number of bytes, and the last one; 0 of none.
[[nodiscard]] inline std::int64_t bytes_in(std::span<const std::byte> bytes) {
  return bytes.empty() ? 0
                       : static_cast<std::int64_t>(256 * bytes.size()) +
                             std::to_integer<std::int64_t>(bytes.back());
}

inline constexpr std::int64_t kMost = 1 << 24;  // values that array_out makes

}  // namespace asrbench::boundary
