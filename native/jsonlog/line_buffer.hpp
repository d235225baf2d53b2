// Bytes as they come, in pieces of any size, made into whole lines in a small buffer.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

#include "jsonlog/lines.hpp"

namespace asrbench::jsonlog {

class LineBuffer {
 public:
  // A buffer of `size` bytes, which grows for a longer line up to the cap.
  LineBuffer(std::size_t size, const Dialect& dialect, Lines& lines);

  // Where the next bytes go, at least one; then say how many came.
  [[nodiscard]] std::span<char> room();
  void came(std::size_t count);

  void append(std::string_view bytes);

  // Whether a line has begun that has not ended yet.
  [[nodiscard]] bool inside() const { return used_ > 0 || dropping_; }

  // The end of the input: what has begun is its last line.
  void finish();

 private:
  std::vector<char> buffer_;
  std::size_t most_;  // bytes above which a line is too long for sure
  Lines& lines_;
  std::size_t used_ = 0;
  bool dropping_ = false;  // within a line that is too long
};

}  // namespace asrbench::jsonlog
