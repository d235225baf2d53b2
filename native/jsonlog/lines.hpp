// The lines of a text, each sound or bad: whoever wants their fields is a Sink.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "core/cancel.hpp"
#include "jsonlog/cursor.hpp"
#include "jsonlog/grammar.hpp"
#include "jsonlog/record.hpp"
#include "jsonlog/tokens.hpp"

namespace asrbench::jsonlog {

// What is asked of every line.
struct Dialect {
  bool strict = false;         // the grammar of all of it, not only of what is read
  std::size_t cap = 1U << 20;  // bytes of a line, its newline not counted
};

class Sink {
 public:
  Sink() = default;
  Sink(const Sink&) = delete;
  Sink& operator=(const Sink&) = delete;
  virtual ~Sink() = default;

  // Takes the fields of a sound line, or says why they cannot be taken; then nothing was.
  [[nodiscard]] virtual Reason take(std::span<const Value> values) = 0;

  // Which name the last refusal was about, -1 where it was about no single one.
  [[nodiscard]] virtual int refused() const { return -1; }
};

struct BadLine {
  std::uint64_t line;  // from 1 on
  Reason reason;
  int field = -1;  // the name that a sink refused
};

// What became of some lines. Only the first bad ones are kept one by one, all are counted.
struct Census {
  static constexpr std::size_t kKept = 100;

  std::uint64_t lines = 0;  // blank ones too
  std::uint64_t blank = 0;
  std::array<std::uint64_t, static_cast<std::size_t>(Reason::kCount)> bad{};
  std::vector<BadLine> first_bad;

  void count(Reason reason, int field = -1);  // of the line that was counted last
  void append(const Census& next);            // of the lines that follow these
};

class Lines {
 public:
  Lines(const Dialect& dialect, Record& record, Sink& sink)
      : dialect_(dialect), record_(record), sink_(sink) {}

  // Whole lines: each ends with a newline, but the last one of the input, which may have none.
  // `cancel` is polled before each block of them, on the caller's thread.
  void text(const char* text, std::size_t size, Cancel* cancel = nullptr);

  // A line longer than the cap, which nobody kept.
  void long_line();

  // From the first line of an input on: a byte order mark there is passed over.
  void begin_input() { first_ = true; }

  // Takes and clears what was counted so far.
  [[nodiscard]] Census take_census();
  [[nodiscard]] const Census& census() const { return census_; }

 private:
  void block(const char* text, std::size_t size);
  [[nodiscard]] Reason line(const Cursor& line);  // what is wrong with it

  Dialect dialect_;
  Record& record_;
  Sink& sink_;
  Tokens tokens_;
  Grammar grammar_;
  Census census_;
  int refused_ = -1;  // the field that the sink refused in the last line
  bool first_ = false;
};

}  // namespace asrbench::jsonlog
