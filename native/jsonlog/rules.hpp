// Records held to rules: each field of its type, there, within bounds, one of some texts.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "jsonlog/lines.hpp"

namespace asrbench::jsonlog {

enum class Must : std::uint8_t { kAny, kNumber, kInteger, kText, kBool };

[[nodiscard]] Must must_of(std::string_view name);  // "any", "number", ...; throws OptionError

struct Rule {
  std::string field;
  Must must = Must::kAny;
  bool required = true;         // there, and not null
  std::optional<double> least;  // of a number
  std::optional<double> most;
  std::vector<std::string> among;  // of a text; none: any
};

class Rules : public Sink {
 public:
  explicit Rules(std::vector<Rule> rules) : rules_(std::move(rules)) {}

  // The first rule that is broken, in their order; a line that breaks none is a record.
  [[nodiscard]] Reason take(std::span<const Value> values) override;
  [[nodiscard]] int refused() const override { return refused_; }
  [[nodiscard]] std::uint64_t records() const { return records_; }

 private:
  std::vector<Rule> rules_;
  std::uint64_t records_ = 0;
  int refused_ = -1;
};

}  // namespace asrbench::jsonlog
