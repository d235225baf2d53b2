#include "jsonlog/columns.hpp"

#include <charconv>
#include <limits>
#include <system_error>

#include "core/error.hpp"

namespace asrbench::jsonlog {

Type type_of(std::string_view name) {
  if (name == "float64") return Type::kFloat64;
  if (name == "int64") return Type::kInt64;
  if (name == "bool") return Type::kBool;
  if (name == "text") return Type::kText;
  fail<OptionError>("a column's type is '", name, "'; expected float64, int64, bool or text");
}

Columns::Columns(const std::vector<Type>& types)
    : columns_(types.size()), integers_(types.size()), codes_(types.size()) {
  for (std::size_t i = 0; i < types.size(); ++i) columns_[i].type = types[i];
}

Reason Columns::take(std::span<const Value> values) {
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    if (!fits(columns_[i].type, values[i], integers_[i])) {
      refused_ = static_cast<int>(i);
      return Reason::kType;
    }
  }
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    Column& column = columns_[i];
    const Value& value = values[i];
    const bool there = value.there();
    column.valid.push_back(there ? 1 : 0);
    switch (column.type) {
      case Type::kFloat64:
        column.floats.push_back(there ? value.number : std::numeric_limits<double>::quiet_NaN());
        break;
      case Type::kInt64:
        column.integers.push_back(there ? integers_[i] : 0);
        break;
      case Type::kBool:
        column.flags.push_back(value.kind == Kind::kTrue ? 1 : 0);
        break;
      case Type::kText:
        column.codes.push_back(there ? code(i, value.text) : -1);
    }
  }
  return Reason::kNone;
}

// Whether a value is of the type, or none; an integer is read on the way.
bool Columns::fits(Type type, const Value& value, std::int64_t& integer) {
  if (!value.there()) return true;
  switch (type) {
    case Type::kFloat64:
      return value.kind == Kind::kNumber;
    case Type::kInt64: {
      if (value.kind != Kind::kNumber) return false;
      const char* const end = value.text.data() + value.text.size();
      const auto [at, error] = std::from_chars(value.text.data(), end, integer);
      return error == std::errc() && at == end;
    }
    case Type::kBool:
      return value.kind == Kind::kTrue || value.kind == Kind::kFalse;
    case Type::kText:
      return value.kind == Kind::kString;
  }
  return false;
}

std::int32_t Columns::code(std::size_t column, std::string_view text) {
  auto& texts = columns_[column].texts;
  const auto [place, added] =
      codes_[column].try_emplace(std::string(text), static_cast<std::int32_t>(texts.size()));
  if (added) texts.emplace_back(text);
  return place->second;
}

}  // namespace asrbench::jsonlog
