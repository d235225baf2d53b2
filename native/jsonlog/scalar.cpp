#include "jsonlog/scalar.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <system_error>

namespace asrbench::jsonlog {
namespace {

inline bool is_digit(char c) { return c >= '0' && c <= '9'; }

// The value of four hexadecimal digits, -1 where they are none.
std::int32_t hex4(std::string_view digits) {
  if (digits.size() < 4) return -1;
  std::int32_t value = 0;
  for (const char c : digits.substr(0, 4)) {
    const char lower = static_cast<char>(c | 0x20);
    if (!is_digit(c) && (lower < 'a' || lower > 'f')) return -1;
    value = value * 16 + (is_digit(c) ? c - '0' : lower - 'a' + 10);
  }
  return value;
}

void append_utf8(std::uint32_t code, std::string& into) {
  const auto tail = [&](std::uint32_t shift) {
    into.push_back(static_cast<char>(0x80U | ((code >> shift) & 0x3fU)));
  };
  if (code < 0x80) {
    into.push_back(static_cast<char>(code));
  } else if (code < 0x800) {
    into.push_back(static_cast<char>(0xc0U | (code >> 6U)));
    tail(0);
  } else if (code < 0x10000) {
    into.push_back(static_cast<char>(0xe0U | (code >> 12U)));
    tail(6);
    tail(0);
  } else {
    into.push_back(static_cast<char>(0xf0U | (code >> 18U)));
    tail(12);
    tail(6);
    tail(0);
  }
}

// Takes what follows "\u" off the text; false where it is no character.
bool take_unicode(std::string_view& rest, std::string& into) {
  const std::int32_t first = hex4(rest);
  if (first < 0) return false;
  rest.remove_prefix(4);
  if (first < 0xd800 || first > 0xdfff) {
    append_utf8(static_cast<std::uint32_t>(first), into);
    return true;
  }
  if (first > 0xdbff || rest.substr(0, 2) != "\\u") return false;
  const std::int32_t second = hex4(rest.substr(2));
  if (second < 0xdc00 || second > 0xdfff) return false;
  rest.remove_prefix(6);
  append_utf8(0x10000U + (static_cast<std::uint32_t>(first - 0xd800) << 10U) +
                  static_cast<std::uint32_t>(second - 0xdc00),
              into);
  return true;
}

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

// Reads "-12.345" of at most 15 digits, as nearly all numbers are; false where it is another kind.
bool read_short(std::string_view text, double& into) {
  const char* at = text.data();
  const char* const end = at + text.size();
  const bool negative = *at == '-';
  if (negative) ++at;
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

bool unescape(std::string_view raw, std::string& into) {
  into.clear();
  while (!raw.empty()) {
    const std::size_t plain = std::min(raw.find('\\'), raw.size());
    into.append(raw.substr(0, plain));
    raw.remove_prefix(plain);
    if (raw.empty()) break;
    if (raw.size() < 2) return false;
    const char c = raw[1];
    raw.remove_prefix(2);
    constexpr std::string_view kShort = "\"\\/bfnrt";
    constexpr std::string_view kMeant = "\"\\/\b\f\n\r\t";
    if (c == 'u') {
      if (!take_unicode(raw, into)) return false;
    } else if (const std::size_t which = kShort.find(c); which != std::string_view::npos) {
      into.push_back(kMeant[which]);
    } else {
      return false;
    }
  }
  return true;
}

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
