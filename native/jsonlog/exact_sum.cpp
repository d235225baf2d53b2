#include "jsonlog/exact_sum.hpp"

#include <bit>
#include <cmath>

namespace asrbench::jsonlog {
namespace {

constexpr std::uint64_t kMantissa = (std::uint64_t{1} << 52U) - 1;
constexpr std::int64_t kLow = 0xffffffff;

}  // namespace

void ExactSum::add(double value) {
  if (added_ == kBeforeCarry) carry();
  ++added_;
  const auto bits = std::bit_cast<std::uint64_t>(value);
  const std::uint64_t exponent = (bits >> 52U) & 0x7ffU;
  const std::uint64_t mantissa =
      (bits & kMantissa) | (exponent != 0 ? std::uint64_t{1} << 52U : std::uint64_t{0});
  const std::uint64_t place = exponent != 0 ? exponent - 1 : 0;  // of the lowest bit, above 2^-1074
  const std::uint64_t shift = place % 32;
  const std::uint64_t low = mantissa << shift;  // 85 bits in two words
  const std::uint64_t high = shift != 0 ? mantissa >> (64 - shift) : 0;
  const std::int64_t sign = (bits >> 63U) != 0 ? -1 : 1;
  std::int64_t* const chunk = chunks_.data() + place / 32;
  chunk[0] += sign * static_cast<std::int64_t>(low & 0xffffffffU);
  chunk[1] += sign * static_cast<std::int64_t>(low >> 32U);
  chunk[2] += sign * static_cast<std::int64_t>(high);
}

void ExactSum::add(const ExactSum& other) {
  ExactSum carried = other;
  carried.carry();
  carry();
  for (std::size_t i = 0; i < kChunks; ++i) chunks_[i] += carried.chunks_[i];
  added_ = 2;
}

// Makes every chunk 0 to 2^32 - 1; the last one bears the sign.
void ExactSum::carry() {
  for (std::size_t i = 0; i + 1 < kChunks; ++i) {
    chunks_[i + 1] += chunks_[i] >> 32;
    chunks_[i] &= kLow;
  }
  added_ = 0;
}

double ExactSum::value() const {
  ExactSum sum = *this;
  sum.carry();
  const bool negative = sum.chunks_.back() < 0;
  if (negative) {
    for (auto& chunk : sum.chunks_) chunk = -chunk;
    sum.carry();
  }
  const auto& chunks = sum.chunks_;
  std::size_t top = kChunks;
  while (top > 0 && chunks[top - 1] == 0) --top;
  if (top == 0) return 0.0;
  const auto bit = [&](std::size_t at) {
    return (static_cast<std::uint64_t>(chunks[at / 32]) >> (at % 32)) & 1U;
  };
  const std::size_t width =
      (top - 1) * 32 +
      static_cast<std::size_t>(std::bit_width(static_cast<std::uint64_t>(chunks[top - 1])));
  const std::size_t dropped = width > 53 ? width - 53 : 0;
  std::uint64_t mantissa = 0;
  for (std::size_t at = width; at > dropped; --at) mantissa = mantissa * 2 + bit(at - 1);
  if (dropped > 0 && bit(dropped - 1) != 0) {
    bool more = (mantissa & 1U) != 0;  // a tie goes to the even one
    for (std::size_t at = 0; at + 1 < dropped && !more; ++at) more = bit(at) != 0;
    mantissa += more ? 1 : 0;
  }
  const double magnitude =
      std::ldexp(static_cast<double>(mantissa), static_cast<int>(dropped) - 1074);
  return negative ? -magnitude : magnitude;
}

}  // namespace asrbench::jsonlog
