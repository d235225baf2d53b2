// Fields of a log as columns: one value a sound line, in the order of the lines.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "jsonlog/lines.hpp"

namespace asrbench::jsonlog {

enum class Type : std::uint8_t { kFloat64, kInt64, kBool, kText };

[[nodiscard]] Type type_of(std::string_view name);  // "float64", ...; throws OptionError

// Exactly one of the rows is filled, that of the type; where `valid` is 0 there is no value.
struct Column {
  Type type = Type::kFloat64;
  std::vector<std::uint8_t> valid;
  std::vector<double> floats;          // NaN where there is none
  std::vector<std::int64_t> integers;  // 0 where there is none
  std::vector<std::uint8_t> flags;     // 0 or 1
  std::vector<std::int32_t> codes;     // places in `texts`, -1 where there is none
  std::vector<std::string> texts;      // each once, in the order in which they came
};

class Columns : public Sink {
 public:
  explicit Columns(const std::vector<Type>& types);

  [[nodiscard]] Reason take(std::span<const Value> values) override;
  [[nodiscard]] int refused() const override { return refused_; }
  [[nodiscard]] std::vector<Column>& columns() { return columns_; }

 private:
  [[nodiscard]] static bool fits(Type type, const Value& value, std::int64_t& integer);
  [[nodiscard]] std::int32_t code(std::size_t column, std::string_view text);

  std::vector<Column> columns_;
  std::vector<std::int64_t> integers_;  // of the line that is being taken
  std::vector<std::unordered_map<std::string, std::int32_t>> codes_;
  int refused_ = -1;
};

}  // namespace asrbench::jsonlog
