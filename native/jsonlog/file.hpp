// A log file read by threads, each a part of it that begins and ends with a line.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "core/cancel.hpp"
#include "jsonlog/lines.hpp"

namespace asrbench::jsonlog {

// An open file of known size. Throws Error where it cannot be opened, or is no regular file.
class LogFile {
 public:
  explicit LogFile(const std::string& path);
  ~LogFile();
  LogFile(const LogFile&) = delete;
  LogFile& operator=(const LogFile&) = delete;

  [[nodiscard]] std::uint64_t size() const { return size_; }

  // Reads up to `count` bytes at an offset; 0 at the end. Throws Error.
  [[nodiscard]] std::size_t read(std::uint64_t offset, char* into, std::size_t count) const;

 private:
  std::string path_;
  int descriptor_ = -1;
  std::uint64_t size_ = 0;
};

// How to read: what does not change the answer.
struct Reading {
  std::size_t threads = 1;        // 1 to 256
  std::size_t buffer = 1U << 18;  // bytes of a thread's buffer, which fits its caches
  std::size_t part = 1U << 21;    // bytes of the file that a thread takes at once
};

// The same; throws OptionError where it is no way to read.
[[nodiscard]] const Reading& checked(const Reading& reading);

// Gives every line of the file to the sink of one of the threads; sinks[i] is thread i's, and there
// is one for each. `done` grows by the bytes that were read. Returns the census of the file's
// lines.
[[nodiscard]] Census read_lines(const LogFile& file, const std::vector<std::string>& names,
                                const Dialect& dialect, const Reading& reading,
                                const std::vector<Sink*>& sinks, Cancel& cancel,
                                std::atomic<std::uint64_t>& done);

}  // namespace asrbench::jsonlog
