// What is asked of a log: by which field to group, which to take percentiles of, add up and count.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "jsonlog/lines.hpp"

namespace asrbench::jsonlog {

enum class Comparison : std::uint8_t { kEqual, kUnequal, kLess, kAtMost, kMore, kAtLeast };

// A condition on a field: the text as a text for = and !=, as a number for the others.
struct Condition {
  std::string field;
  Comparison comparison = Comparison::kEqual;
  std::string text;
  double number = 0;
};

struct Query {
  std::optional<std::string> by;      // none: one group of all
  std::optional<std::string> value;   // a number: its percentiles
  std::optional<std::string> sum;     // a number
  std::optional<std::string> status;  // a line whose status is there and not `ok` is an error
  std::string ok = "ok";
  std::vector<Condition> where;
  Dialect dialect;
};

// Where the fields of a query lie among the names that a Record is asked for; -1 for none.
struct Places {
  explicit Places(const Query& query);

  std::vector<std::string> names;  // each once, in the order of the query
  int by = -1;
  int value = -1;
  int sum = -1;
  int status = -1;
  std::vector<int> where;
};

// Reads one of = != < <= > >= and what it is compared with; throws OptionError.
[[nodiscard]] Condition condition(std::string_view field, std::string_view comparison,
                                  std::string_view text);

}  // namespace asrbench::jsonlog
