// A line's wanted fields, found by a walk over its tokens that ends when all are found; the first
// one of equal keys counts.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "jsonlog/cursor.hpp"
#include "jsonlog/reason.hpp"

namespace asrbench::jsonlog {

enum class Kind : std::uint8_t { kAbsent, kNull, kFalse, kTrue, kNumber, kString, kContainer };

struct Value {
  Kind kind = Kind::kAbsent;
  std::string_view text;  // a string's meaning, else the value as it is written
  double number = 0;      // of a number

  [[nodiscard]] bool there() const { return kind != Kind::kAbsent && kind != Kind::kNull; }
};

// Fields that are wanted by name, and the way through a line to them.
class Record {
 public:
  explicit Record(std::vector<std::string> names);

  // Finds the fields of a line. Of what is passed over only brackets are counted, and of what lies
  // behind the last of the fields only whether the line ends with a brace.
  [[nodiscard]] Reason walk(Cursor line);

  // Reads the fields found, in the order of their names.
  [[nodiscard]] Reason read();

  // The values of the last line, by name; they are valid until the next walk.
  [[nodiscard]] std::span<const Value> values() const { return values_; }
  [[nodiscard]] const std::vector<std::string>& names() const { return names_; }

 private:
  struct Known {
    std::string lead{'\0'};  // brace or comma, key, colon as they were written, with white space
    int wanted = -1;
  };

  [[nodiscard]] int step_to_value(const Cursor& before, Cursor& line, std::size_t position);
  [[nodiscard]] int learn(std::size_t position, std::string_view lead, std::string_view key);
  [[nodiscard]] int look_up(std::string_view key);
  [[nodiscard]] Reason read(std::size_t name);

  std::vector<std::string> names_;
  std::vector<Known> known_;  // by position: lines mostly have the same keys in the same order
  std::vector<std::string_view> found_;  // as written, with quotes; empty where there is none
  std::vector<std::string> unescaped_;
  std::vector<Value> values_;
  std::string scratch_;
};

}  // namespace asrbench::jsonlog
