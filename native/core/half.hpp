// IEEE half precision and bfloat16 as stored: the exact float32 of either.
#pragma once

#include <bit>
#include <cstdint>

namespace asrbench {

// The exponent moves by 112 in a multiplication that is exact, denormals included.
[[nodiscard]] inline float half_to_float(std::uint16_t half) {
  const std::uint32_t rest = static_cast<std::uint32_t>(half & 0x7fffU) << 13;
  const bool special = (half & 0x7c00U) == 0x7c00U;  // infinity or NaN
  const float magnitude =
      special ? std::bit_cast<float>(rest | 0x7f800000U) : std::bit_cast<float>(rest) * 0x1p112F;
  return (half & 0x8000U) != 0 ? -magnitude : magnitude;
}

[[nodiscard]] inline float bfloat_to_float(std::uint16_t bfloat) {
  return std::bit_cast<float>(static_cast<std::uint32_t>(bfloat) << 16);
}

}  // namespace asrbench
