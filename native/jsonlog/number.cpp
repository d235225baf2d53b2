#include "jsonlog/number.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <system_error>

namespace asrbench::jsonlog {
namespace {

inline bool is_digit(char c) { return c >= '0' && c <= '9'; }

// A number in its parts: the first kExactDigits of its digits are in `mantissa`.
struct Parts {
  bool negative = false;
  std::uint64_t mantissa = 0;
  int digits = 0;          // of the number, leading zeros left out
  std::int64_t shift = 0;  // the power of ten that it is to be multiplied by
};

constexpr int kExactDigits = 18;  // fewer than 2^63 whatever they are
constexpr std::int64_t kHuge = 1'000'000'000;

void add_digit(Parts& parts, char c, bool fraction) {
  if (parts.digits < kExactDigits) {
    parts.mantissa = parts.mantissa * 10 + static_cast<std::uint64_t>(c - '0');
    parts.digits += parts.mantissa != 0 ? 1 : 0;
    parts.shift -= fraction ? 1 : 0;
  } else {
    ++parts.digits;
    parts.shift += fraction ? 0 : 1;
  }
}

bool split(std::string_view text, Parts& parts) {
  const char* at = text.data();
  const char* const end = at + text.size();
  const auto digits = [&](bool fraction) {
    const char* const first = at;
    for (; at != end && is_digit(*at); ++at) add_digit(parts, *at, fraction);
    return at != first;
  };
  parts.negative = at != end && *at == '-';
  if (parts.negative) ++at;
  if (at != end && *at == '0') {
    ++at;
  } else if (!digits(false)) {
    return false;
  }
  if (at != end && *at == '.') {
    ++at;
    if (!digits(true)) return false;
  }
  if (at != end && (*at == 'e' || *at == 'E')) {
    ++at;
    const bool down = at != end && *at == '-';
    if (at != end && (*at == '-' || *at == '+')) ++at;
    if (at == end) return false;
    std::int64_t power = 0;
    for (; at != end && is_digit(*at); ++at) power = std::min(power * 10 + (*at - '0'), kHuge);
    if (!is_digit(at[-1])) return false;
    parts.shift += down ? -power : power;
  }
  return at == end;
}

constexpr auto kTens =
    std::to_array<double>({1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
                           1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22});
constexpr std::uint64_t kExact = std::uint64_t{1} << 53U;  // up to here every integer is a double

constexpr std::uint64_t every(std::uint64_t byte) { return byte * 0x0101010101010101U; }

// The number of eight digits, the first of them in the lowest byte: neighbours are joined to pairs,
// fours and eights, each by one product.
std::uint64_t joined(std::uint64_t digits) {
  digits = ((digits & every(0x0f)) * (10 * 0x100 + 1)) >> 8U;
  digits = ((digits & 0x00ff00ff00ff00ffU) * (100 * 0x10000 + 1)) >> 16U;
  return ((digits & 0x0000ffff0000ffffU) * (10000 * 0x100000000U + 1)) >> 32U;
}

// Reads "12.345" of 4 to 8 characters at once: without a loop, whose end is hard to foresee.
bool read_word(const char* text, std::size_t size, double& into) {
  static_assert(std::endian::native == std::endian::little);
  if (text[0] == '0' && text[1] != '.') return false;
  std::uint32_t head = 0;
  std::uint32_t tail = 0;
  std::memcpy(&head, text, sizeof head);
  std::memcpy(&tail, text + size - sizeof tail, sizeof tail);
  const std::size_t before = 8 * (8 - size);  // bits before the first character: zeros stand there
  const std::uint64_t zeros = every('0') & ~(~std::uint64_t{0} << before);
  std::uint64_t word = std::uint64_t{tail} << 32U | std::uint64_t{head} << before | zeros;
  const std::uint64_t unlike = word ^ every('.');
  const std::uint64_t points = (unlike - every(1)) & ~unlike & every(0x80);  // the lowest is one
  std::size_t places = 0;
  if (points != 0) {
    const auto point = static_cast<std::size_t>(std::countr_zero(points)) - 7;  // its first bit
    places = 7 - point / 8;
    if (places == 0 || point == before) return false;
    const std::uint64_t whole = word & ~(~std::uint64_t{0} << point);
    word = (word & (~std::uint64_t{0} << (point + 8))) | whole << 8U | '0';
  }
  const std::uint64_t low = word & every(0xf0);
  const std::uint64_t high = (word + every(6)) & every(0xf0);  // of a digit it is the same
  if (low != every('0') || high != low) return false;
  into = static_cast<double>(joined(word)) / kTens[places];
  return true;
}

// Reads "-12.345" of at most 15 digits, as nearly all numbers are; false where it is another kind.
bool read_short(std::string_view text, double& into) {
  const char* at = text.data();
  const char* const end = at + text.size();
  const bool negative = *at == '-';
  if (negative) ++at;
  if (const auto size = static_cast<std::size_t>(end - at); 4 <= size && size <= 8) {
    if (!read_word(at, size, into)) return false;
    if (negative) into = -into;
    return true;
  }
  if (end - at > 16 || at == end || (*at == '0' && end - at > 1 && at[1] != '.')) return false;
  std::uint64_t mantissa = 0;
  const char* const first = at;
  for (; at != end && is_digit(*at); ++at) {
    mantissa = mantissa * 10 + static_cast<std::uint64_t>(*at - '0');
  }
  if (at == first) return false;
  std::size_t places = 0;
  if (at != end) {
    if (*at != '.') return false;
    const char* const point = at++;
    for (; at != end && is_digit(*at); ++at) {
      mantissa = mantissa * 10 + static_cast<std::uint64_t>(*at - '0');
    }
    if (at != end || at == point + 1) return false;
    places = static_cast<std::size_t>(at - point) - 1;
  }
  if (mantissa > kExact) return false;
  into = static_cast<double>(mantissa) / kTens[places];
  if (negative) into = -into;
  return true;
}

}  // namespace

bool is_number(std::string_view text) {
  Parts parts;
  return split(text, parts);
}

// Short numbers are exact by one operation: W. D. Clinger, "How to read floating point numbers
// accurately", PLDI 1990. The others are left to from_chars.
bool read_number(std::string_view text, double& into) {
  if (read_short(text, into)) return true;
  Parts parts;
  if (!split(text, parts)) return false;
  constexpr auto kMost = static_cast<std::int64_t>(kTens.size()) - 1;
  if (parts.digits <= kExactDigits && parts.mantissa <= kExact && -kMost <= parts.shift &&
      parts.shift <= kMost) {
    const auto mantissa = static_cast<double>(parts.mantissa);
    const double power = kTens[static_cast<std::size_t>(std::abs(parts.shift))];
    into = parts.shift < 0 ? mantissa / power : mantissa * power;
    if (parts.negative) into = -into;
    return true;
  }
  const auto [at, error] = std::from_chars(text.data(), text.data() + text.size(), into);
  if (error == std::errc::result_out_of_range) {  // of both ends; the smaller one is zero
    const bool small = std::min(parts.digits, kExactDigits) + parts.shift < 0;
    if (small) into = parts.negative ? -0.0 : 0.0;
    return small;
  }
  return std::isfinite(into);
}

}  // namespace asrbench::jsonlog
