// A line's wanted fields, found by a walk over its tokens that ends when all are found; the first
// one of equal keys counts.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "jsonlog/reason.hpp"

namespace asrbench::jsonlog {

enum class Kind : std::uint8_t { kAbsent, kNull, kFalse, kTrue, kNumber, kString, kContainer };

struct Value {
  Kind kind = Kind::kAbsent;
  std::string_view text;  // a string's meaning, else the value as it is written
  double number = 0;      // of a number

  [[nodiscard]] bool there() const { return kind != Kind::kAbsent && kind != Kind::kNull; }
};

struct Cursor;  // the tokens of a line, one by one

// Fields that are wanted by name, and the way through a line to them.
class Record {
 public:
  explicit Record(std::vector<std::string> names);

  // Finds the fields of the line whose tokens begin at `token` and which ends before `end`, an
  // offset into `text`. Of what is passed over only brackets are counted, and of what lies behind
  // the last of the fields only whether the line ends with a brace.
  [[nodiscard]] Reason walk(const char* text, const std::uint32_t* token, std::uint32_t end);

  // The first token that the last walk did not come to.
  [[nodiscard]] const std::uint32_t* rest() const { return rest_; }

  // Reads the fields found, in the order of their names.
  [[nodiscard]] Reason read();

  // The values of the last line, by name; they are valid until the next walk.
  [[nodiscard]] std::span<const Value> values() const { return values_; }
  [[nodiscard]] const std::vector<std::string>& names() const { return names_; }

 private:
  struct Known {
    std::string key;  // as it was written, between quotes
    int wanted;
  };

  [[nodiscard]] Reason walk(const char* text, Cursor& cursor);
  [[nodiscard]] int learn(std::size_t position, std::string_view key);
  [[nodiscard]] int look_up(std::string_view key);
  [[nodiscard]] Reason read(std::size_t name);

  std::vector<std::string> names_;
  std::vector<Known> known_;  // by position: lines mostly have the same keys in the same order
  std::vector<std::string_view> found_;  // as written, with quotes; empty where there is none
  std::vector<std::string> unescaped_;
  std::vector<Value> values_;
  std::string scratch_;
  const std::uint32_t* rest_ = nullptr;
};

}  // namespace asrbench::jsonlog
