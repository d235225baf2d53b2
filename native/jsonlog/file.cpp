#include "jsonlog/file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <system_error>

#include "core/error.hpp"
#include "core/thread_pool.hpp"
#include "jsonlog/line_buffer.hpp"

namespace asrbench::jsonlog {
namespace {

constexpr std::uint64_t kMostParts = 1024;  // each keeps its first bad lines
constexpr std::size_t kMostThreads = 256;
constexpr std::size_t kMostBuffer = 1U << 28U;
constexpr std::size_t kNear = 1U << 12U;  // bytes read at once in search of the end of a line

std::string reason(int code) { return std::generic_category().message(code); }

// What a thread reads with; it is used for one part after another.
struct Reader {
  Reader(const std::vector<std::string>& names, const Dialect& dialect, std::size_t size,
         Sink& sink)
      : record(names), lines(dialect, record, sink), buffer(size, dialect, lines) {}

  Record record;
  Lines lines;
  LineBuffer buffer;
};

// Reads the lines that begin in [begin, end).
class Part {
 public:
  Part(const LogFile& file, Reader& reader, Cancel& cancel, bool polls,
       std::atomic<std::uint64_t>& done)
      : file_(file), reader_(reader), cancel_(cancel), polls_(polls), done_(done) {}

  void read(std::uint64_t begin, std::uint64_t end) {
    at_ = begin;
    if (begin == 0) {
      reader_.lines.begin_input();
    } else if (!skip_to_line(begin - 1, end)) {
      return;
    }
    LineBuffer& buffer = reader_.buffer;
    while (at_ < end) {
      const std::size_t count = next(buffer.room(), end);
      if (count == 0) break;
      buffer.came(count);
    }
    while (buffer.inside()) {  // its last line ends in the next part
      const std::span<char> room = near(buffer.room());
      const std::size_t count = next(room, file_.size());
      if (count == 0) break;
      const void* const found = std::memchr(room.data(), '\n', count);
      const bool ends = found != nullptr;
      buffer.came(ends ? static_cast<std::size_t>(static_cast<const char*>(found) - room.data()) + 1
                       : count);
    }
    buffer.finish();
  }

 private:
  static std::span<char> near(std::span<char> room) {
    return room.first(std::min(room.size(), kNear));
  }

  // Moves to behind the first newline from `at` on; false where none is before the end.
  bool skip_to_line(std::uint64_t at, std::uint64_t end) {
    at_ = at;
    const std::span<char> room = near(reader_.buffer.room());
    while (at_ < end) {
      const std::uint64_t from = at_;
      const std::size_t count = next(room, end);
      if (count == 0) return false;
      if (const void* const found = std::memchr(room.data(), '\n', count); found != nullptr) {
        at_ = from + static_cast<std::uint64_t>(static_cast<const char*>(found) - room.data()) + 1;
        return at_ < end;
      }
    }
    return false;
  }

  std::size_t next(std::span<char> room, std::uint64_t end) {
    if (polls_) cancel_.poll();
    if (cancel_.stopped()) fail<Cancelled>("the caller asked to stop");
    const auto most = static_cast<std::size_t>(std::min<std::uint64_t>(room.size(), end - at_));
    const std::size_t count = file_.read(at_, room.data(), most);
    at_ += count;
    done_.fetch_add(count, std::memory_order_relaxed);
    return count;
  }

  const LogFile& file_;
  Reader& reader_;
  Cancel& cancel_;
  bool polls_;  // only the caller's thread may
  std::atomic<std::uint64_t>& done_;
  std::uint64_t at_ = 0;
};

}  // namespace

LogFile::LogFile(const std::string& path) : path_(path) {
  descriptor_ = open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (descriptor_ < 0) fail<Error>("'", path, "' cannot be opened: ", reason(errno));
  struct stat status{};
  const bool regular = fstat(descriptor_, &status) == 0 && S_ISREG(status.st_mode);
  if (!regular) {
    close(descriptor_);
    fail<Error>("'", path, "' is no regular file; expected one, or its bytes in a Stream");
  }
  size_ = static_cast<std::uint64_t>(status.st_size);
}

LogFile::~LogFile() { close(descriptor_); }

std::size_t LogFile::read(std::uint64_t offset, char* into, std::size_t count) const {
  while (true) {
    const ssize_t got = pread(descriptor_, into, count, static_cast<off_t>(offset));
    if (got >= 0) return static_cast<std::size_t>(got);
    if (errno != EINTR) fail<Error>("'", path_, "' cannot be read: ", reason(errno));
  }
}

const Reading& checked(const Reading& reading) {
  if (reading.threads < 1 || reading.threads > kMostThreads) {
    fail<OptionError>("threads is ", reading.threads, "; expected 1 to ", kMostThreads);
  }
  if (reading.buffer < 1 || reading.buffer > kMostBuffer || reading.part < 1) {
    fail<OptionError>("buffer is ", reading.buffer, " and part ", reading.part,
                      "; expected 1 byte or more, and a buffer of at most ", kMostBuffer);
  }
  return reading;
}

Census read_lines(const LogFile& file, const std::vector<std::string>& names,
                  const Dialect& dialect, const Reading& reading, const std::vector<Sink*>& sinks,
                  Cancel& cancel, std::atomic<std::uint64_t>& done) {
  (void)checked(reading);
  const std::uint64_t part = std::max<std::uint64_t>(reading.part, file.size() / kMostParts + 1);
  const auto parts =
      static_cast<std::size_t>(file.size() / part + (file.size() % part != 0 ? 1 : 0));
  std::vector<std::unique_ptr<Reader>> readers;
  for (Sink* const sink : sinks) {
    readers.push_back(std::make_unique<Reader>(names, dialect, reading.buffer, *sink));
  }
  std::vector<Census> censuses(parts);
  ThreadPool pool(reading.threads);
  pool.run(parts, cancel, [&](std::size_t index, std::size_t worker) {
    Reader& reader = *readers[worker];
    const std::uint64_t begin = index * part;
    Part(file, reader, cancel, worker == 0, done).read(begin, std::min(begin + part, file.size()));
    censuses[index] = reader.lines.take_census();
  });
  Census all;
  for (const Census& census : censuses) all.append(census);
  return all;
}

}  // namespace asrbench::jsonlog
