#include "jsonlog/lines.hpp"

#include <algorithm>
#include <cstring>
#include <string_view>
#include <utility>

namespace asrbench::jsonlog {
namespace {

constexpr std::size_t kBlock = 1U << 18;  // bytes whose tokens are found at once, roughly
constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";

// The offset of the newline from `at` on, or the size where there is none.
std::size_t newline(const char* text, std::size_t at, std::size_t size) {
  const void* const found = std::memchr(text + at, '\n', size - at);
  return found == nullptr ? size : static_cast<std::size_t>(static_cast<const char*>(found) - text);
}

// The first token that does not lie before an offset.
const std::uint32_t* behind(const std::uint32_t* token, std::size_t offset) {
  while (token[Tokens::kBehind - 1] < offset) token += Tokens::kBehind;
  while (*token < offset) ++token;
  return token;
}

// A line that no newline ends broke off, where that can be why it is bad.
Reason unended(Reason reason) {
  const bool cut =
      reason == Reason::kUtf8 || reason == Reason::kString || reason == Reason::kStructure;
  return cut ? Reason::kTruncated : reason;
}

}  // namespace

void Census::count(Reason reason, int field) {
  ++bad[static_cast<std::size_t>(reason)];
  if (first_bad.size() < kKept) first_bad.push_back({lines, reason, field});
}

void Census::append(const Census& next) {
  for (const BadLine& line : next.first_bad) {
    if (first_bad.size() == kKept) break;
    first_bad.push_back({lines + line.line, line.reason, line.field});
  }
  lines += next.lines;
  blank += next.blank;
  for (std::size_t i = 0; i < bad.size(); ++i) bad[i] += next.bad[i];
}

Census Lines::take_census() { return std::exchange(census_, {}); }

void Lines::long_line() {
  first_ = false;
  ++census_.lines;
  census_.count(Reason::kLong);
}

void Lines::text(const char* text, std::size_t size, Cancel* cancel) {
  if (first_ && std::string_view(text, size).starts_with(kByteOrderMark)) {
    text += kByteOrderMark.size();
    size -= kByteOrderMark.size();
  }
  if (size > 0) first_ = false;
  while (size > 0) {
    if (cancel != nullptr) cancel->poll();
    std::size_t end = size;
    if (size > kBlock) end = std::min(newline(text, kBlock, size) + 1, size);
    if (end > kBlock + dialect_.cap) {  // some line is too long; the tokens of none but this one
      end = newline(text, 0, size) + 1;
      end = std::min(end, size);
    }
    block(text, end);
    text += end;
    size -= end;
  }
}

// The tokens of all lines at once where every line is sound in them, else those of each line.
// A newline within a string is refused, so in a sound block no token lies across two lines.
void Lines::block(const char* text, std::size_t size) {
  const bool together = size <= kBlock + dialect_.cap && tokens_.find(text, size);
  const std::uint32_t* token = tokens_.begin();
  for (std::size_t at = 0; at < size;) {
    const std::size_t end = newline(text, at, size);
    ++census_.lines;
    Reason reason = Reason::kNone;
    refused_ = -1;
    if (end - at > dialect_.cap) {
      reason = Reason::kLong;
      if (together) token = behind(token, end);
    } else if (together) {
      reason = line(text, token, static_cast<std::uint32_t>(end));
      token = behind(token, end);  // those that were not looked at
    } else if (tokens_.find(text + at, end - at)) {
      const std::uint32_t* alone = tokens_.begin();
      reason = line(text + at, alone, static_cast<std::uint32_t>(end - at));
    } else {
      reason = why_not(text + at, end - at);
    }
    if (end == size) reason = unended(reason);
    if (reason != Reason::kNone) census_.count(reason, refused_);
    at = end + 1;
  }
}

Reason Lines::line(const char* text, const std::uint32_t*& token, std::uint32_t end) {
  if (*token >= end) {
    ++census_.blank;
    return Reason::kNone;
  }
  if (dialect_.strict) {
    const Reason bad = grammar_.check(text, token, end);
    if (bad != Reason::kNone) return bad;
  }
  Reason bad = record_.walk(text, token, end);
  token = record_.rest();
  if (bad == Reason::kNone) bad = record_.read();
  if (bad != Reason::kNone) return bad;
  bad = sink_.take(record_.values());
  if (bad != Reason::kNone) refused_ = sink_.refused();
  return bad;
}

}  // namespace asrbench::jsonlog
