#include "jsonlog/query.hpp"

#include <algorithm>
#include <array>

#include "core/error.hpp"
#include "jsonlog/number.hpp"

namespace asrbench::jsonlog {

Places::Places(const Query& query) {
  const auto place = [this](const std::optional<std::string>& name) {
    if (!name) return -1;
    const auto found = std::find(names.begin(), names.end(), *name);
    const auto at = static_cast<int>(found - names.begin());
    if (found == names.end()) names.push_back(*name);
    return at;
  };
  by = place(query.by);
  value = place(query.value);
  sum = place(query.sum);
  status = place(query.status);
  for (const Condition& one : query.where) where.push_back(place(one.field));
}

Condition condition(std::string_view field, std::string_view comparison, std::string_view text) {
  constexpr auto kWritten = std::to_array<std::string_view>({"=", "!=", "<", "<=", ">", ">="});
  const auto* const found = std::find(kWritten.begin(), kWritten.end(), comparison);
  if (found == kWritten.end()) {
    fail<OptionError>("comparison is '", comparison, "'; expected one of = != < <= > >=");
  }
  Condition made{std::string(field), static_cast<Comparison>(found - kWritten.begin()),
                 std::string(text), 0};
  const bool ordered = made.comparison > Comparison::kUnequal;
  if (ordered && !read_number(text, made.number)) {
    fail<OptionError>("'", field, "' is compared by ", comparison, " with '", text,
                      "'; expected a number");
  }
  return made;
}

}  // namespace asrbench::jsonlog
