#include "jsonlog/lines.hpp"

#include <algorithm>
#include <cstring>
#include <string_view>
#include <utility>

namespace asrbench::jsonlog {
namespace {

constexpr std::size_t kBlock = 1U << 14;  // bytes whose tokens are found at once, roughly: half a
                                          // first cache, so that they are read once from farther
constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";

// The offset of the newline from `at` on, or the size where there is none.
std::size_t newline(const char* text, std::size_t at, std::size_t size) {
  const void* const found = std::memchr(text + at, '\n', size - at);
  return found == nullptr ? size : static_cast<std::size_t>(static_cast<const char*>(found) - text);
}

std::uint32_t at32(std::size_t place) { return static_cast<std::uint32_t>(place); }

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
    if (end > kBlock + dialect_.cap) {  // a line is too long: those before it, or else it alone
      const void* const last = memrchr(text, '\n', kBlock);
      if (last != nullptr)
        end = static_cast<std::size_t>(static_cast<const char*>(last) - text) + 1;
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
  for (std::size_t at = 0; at < size;) {
    const std::size_t end =
        together ? std::min<std::size_t>(next_mark(tokens_.newlines(), at32(at)), size)
                 : newline(text, at, size);
    ++census_.lines;
    Reason reason = Reason::kNone;
    refused_ = -1;
    if (end - at > dialect_.cap) {
      reason = Reason::kLong;
    } else if (together) {
      reason = line({text, tokens_.tokens(), at32(at), at32(end)});
    } else if (tokens_.find(text + at, end - at)) {
      reason = line({text + at, tokens_.tokens(), 0, at32(end - at)});
    } else {
      reason = why_not(text + at, end - at);
    }
    if (end == size) reason = unended(reason);
    if (reason != Reason::kNone) census_.count(reason, refused_);
    at = end + 1;
  }
}

Reason Lines::line(const Cursor& line) {
  if (line.done()) {
    ++census_.blank;
    return Reason::kNone;
  }
  if (dialect_.strict) {
    const Reason bad = grammar_.check(line);
    if (bad != Reason::kNone) return bad;
  }
  Reason bad = record_.walk(line);
  if (bad == Reason::kNone) bad = record_.read();
  if (bad != Reason::kNone) return bad;
  bad = sink_.take(record_.values());
  if (bad != Reason::kNone) refused_ = sink_.refused();
  return bad;
}

}  // namespace asrbench::jsonlog
