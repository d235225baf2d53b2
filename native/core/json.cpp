#include "core/json.hpp"

#include <limits>

#include "core/error.hpp"

namespace asrbench {
namespace {

bool digit(char c) { return c >= '0' && c <= '9'; }

void append_utf8(std::string& into, std::uint32_t code) {
  if (code < 0x80) {
    into += static_cast<char>(code);
  } else if (code < 0x800) {
    into += static_cast<char>(0xc0 | (code >> 6));
    into += static_cast<char>(0x80 | (code & 0x3f));
  } else if (code < 0x10000) {
    into += static_cast<char>(0xe0 | (code >> 12));
    into += static_cast<char>(0x80 | ((code >> 6) & 0x3f));
    into += static_cast<char>(0x80 | (code & 0x3f));
  } else {
    into += static_cast<char>(0xf0 | (code >> 18));
    into += static_cast<char>(0x80 | ((code >> 12) & 0x3f));
    into += static_cast<char>(0x80 | ((code >> 6) & 0x3f));
    into += static_cast<char>(0x80 | (code & 0x3f));
  }
}

}  // namespace

void JsonWalker::refuse(std::string_view expected) const {
  fail<ModelError>(name_, ": offset ", at_, " of ", text_.size(), ": expected ", expected);
}

void JsonWalker::space() {
  while (at_ < text_.size() &&
         (text_[at_] == ' ' || text_[at_] == '\t' || text_[at_] == '\n' || text_[at_] == '\r')) {
    ++at_;
  }
}

void JsonWalker::take(char c) {
  space();
  if (at_ >= text_.size() || text_[at_] != c) refuse(std::string("'") + c + "'");
  ++at_;
}

void JsonWalker::enter(char bracket) {
  take(bracket);
  first_ = true;
}

bool JsonWalker::next(char closing) {
  space();
  if (peek() == closing) {
    ++at_;
    first_ = false;  // back in the outer one, where this was a member
    return false;
  }
  if (!first_) take(',');
  first_ = false;
  return true;
}

std::string JsonWalker::key() {
  std::string name = string();
  take(':');
  return name;
}

std::uint32_t JsonWalker::hex4() {
  std::uint32_t code = 0;
  for (int i = 0; i < 4; ++i, ++at_) {
    const char c = peek();
    const int value = digit(c)               ? c - '0'
                      : c >= 'a' && c <= 'f' ? c - 'a' + 10
                      : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                             : -1;
    if (value < 0) refuse("four hexadecimal digits");
    code = code * 16 + static_cast<std::uint32_t>(value);
  }
  return code;
}

void JsonWalker::escape(std::string& into) {
  constexpr std::string_view kLetters = "\"\\/bfnrt";
  constexpr std::string_view kMeaning = "\"\\/\b\f\n\r\t";
  const char c = peek();
  ++at_;
  if (const auto which = kLetters.find(c); which != std::string_view::npos && c != '\0') {
    into += kMeaning[which];
    return;
  }
  if (c != 'u') refuse("an escape of JSON");
  std::uint32_t code = hex4();
  if (code >= 0xd800 && code < 0xdc00) {  // the first half of a surrogate pair
    if (text_.substr(at_, 2) != "\\u") refuse("the second half of a surrogate pair");
    at_ += 2;
    const std::uint32_t low = hex4();
    if (low < 0xdc00 || low > 0xdfff) refuse("the second half of a surrogate pair");
    code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
  } else if (code >= 0xdc00 && code < 0xe000) {
    refuse("a character, not half of one");
  }
  append_utf8(into, code);
}

std::string JsonWalker::string() {
  take('"');
  std::string result;
  while (true) {
    if (at_ >= text_.size()) refuse("the end of the string");
    const char c = text_[at_++];
    if (c == '"') return result;
    if (static_cast<unsigned char>(c) < 0x20) refuse("no control character in a string");
    c == '\\' ? escape(result) : result.push_back(c);
  }
}

std::int64_t JsonWalker::integer() {
  space();
  const bool negative = peek() == '-';
  if (negative) ++at_;
  if (!digit(peek())) refuse("an integer");
  std::int64_t value = 0;
  for (; digit(peek()); ++at_) {
    value = value * 10 + (peek() - '0');
    if (value > std::numeric_limits<std::int32_t>::max()) refuse("an integer below 2^31");
  }
  if (peek() == '.' || peek() == 'e' || peek() == 'E') refuse("an integer");
  return negative ? -value : value;
}

bool JsonWalker::null() {
  space();
  if (text_.substr(at_, 4) != "null") return false;
  at_ += 4;
  return true;
}

void JsonWalker::skip_number() {
  const auto digits = [&](std::string_view expected) {
    if (!digit(peek())) refuse(expected);
    while (digit(peek())) ++at_;
  };
  if (peek() == '-') ++at_;
  if (peek() == '0') {
    ++at_;  // nothing may follow a leading zero
  } else {
    digits("a value");
  }
  if (peek() == '.') {
    ++at_;
    digits("a digit behind the point");
  }
  if (peek() == 'e' || peek() == 'E') {
    ++at_;
    if (peek() == '+' || peek() == '-') ++at_;
    digits("a digit of the exponent");
  }
}

void JsonWalker::skip(int depth) {
  if (depth > kMaxDepth) refuse("at most 64 levels of nesting");
  space();
  const char c = peek();
  if (c == '"') {
    (void)string();
  } else if (c == '{' || c == '[') {
    enter(c);
    const char closing = c == '{' ? '}' : ']';
    while (next(closing)) {
      if (c == '{') (void)key();
      skip(depth + 1);
    }
  } else {
    for (const std::string_view word : {"true", "false", "null"}) {
      if (text_.substr(at_, word.size()) == word) {
        at_ += word.size();
        return;
      }
    }
    skip_number();
  }
}

void JsonWalker::skip() { skip(0); }

void JsonWalker::end() {
  space();
  if (at_ != text_.size()) refuse("the end");
}

}  // namespace asrbench
