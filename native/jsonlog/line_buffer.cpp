#include "jsonlog/line_buffer.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

namespace asrbench::jsonlog {
namespace {

constexpr std::size_t kByteOrderMark = 3;  // bytes of the first line that do not count

}  // namespace

LineBuffer::LineBuffer(std::size_t size, const Dialect& dialect, Lines& lines)
    : buffer_(size), most_(dialect.cap + kByteOrderMark), lines_(lines) {}

std::span<char> LineBuffer::room() {
  if (used_ == buffer_.size()) buffer_.resize(2 * buffer_.size());
  return {buffer_.data() + used_, buffer_.size() - used_};
}

void LineBuffer::came(std::size_t count) {
  std::size_t begin = 0;
  const std::size_t before = used_;
  used_ += count;
  if (dropping_) {
    const void* const found = std::memchr(buffer_.data(), '\n', used_);
    if (found == nullptr) {
      used_ = 0;
      return;
    }
    dropping_ = false;
    lines_.long_line();
    begin = static_cast<std::size_t>(static_cast<const char*>(found) - buffer_.data()) + 1;
  }
  const std::size_t from = std::max(before, begin);
  const void* const last = memrchr(buffer_.data() + from, '\n', used_ - from);
  if (last != nullptr) {
    const auto end = static_cast<std::size_t>(static_cast<const char*>(last) - buffer_.data()) + 1;
    try {
      lines_.text(buffer_.data() + begin, end - begin);
    } catch (...) {  // some of these lines were taken: none may be again
      used_ = 0;
      throw;
    }
    begin = end;
  }
  used_ -= begin;
  std::memmove(buffer_.data(), buffer_.data() + begin, used_);
  if (used_ > most_) {
    dropping_ = true;
    used_ = 0;
  }
}

void LineBuffer::append(std::string_view bytes) {
  while (!bytes.empty()) {
    const std::span<char> place = room();
    const std::size_t count = std::min(place.size(), bytes.size());
    std::memcpy(place.data(), bytes.data(), count);
    came(count);
    bytes.remove_prefix(count);
  }
}

void LineBuffer::finish() {
  const std::size_t rest = std::exchange(used_, 0);
  if (std::exchange(dropping_, false)) {
    lines_.long_line();
  } else if (rest > 0) {
    lines_.text(buffer_.data(), rest);
  }
}

}  // namespace asrbench::jsonlog
