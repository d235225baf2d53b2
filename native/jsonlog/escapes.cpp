#include "jsonlog/escapes.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>

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

}  // namespace asrbench::jsonlog
