#include "jsonlog/rules.hpp"

#include <algorithm>

#include "core/error.hpp"

namespace asrbench::jsonlog {
namespace {

bool is_of(Must must, const Value& value) {
  switch (must) {
    case Must::kAny:
      return true;
    case Must::kNumber:
      return value.kind == Kind::kNumber;
    case Must::kInteger:
      return value.kind == Kind::kNumber &&
             value.text.find_first_of(".eE") == std::string_view::npos;
    case Must::kText:
      return value.kind == Kind::kString;
    case Must::kBool:
      return value.kind == Kind::kTrue || value.kind == Kind::kFalse;
  }
  return false;
}

Reason broken(const Rule& rule, const Value& value) {
  if (!value.there()) return rule.required ? Reason::kMissing : Reason::kNone;
  if (!is_of(rule.must, value)) return Reason::kType;
  if (rule.least || rule.most) {
    if (value.kind != Kind::kNumber) return Reason::kType;
    const bool within =
        (!rule.least || value.number >= *rule.least) && (!rule.most || value.number <= *rule.most);
    if (!within) return Reason::kRange;
  }
  if (!rule.among.empty()) {
    if (value.kind != Kind::kString) return Reason::kType;
    const auto found = std::find(rule.among.begin(), rule.among.end(), value.text);
    if (found == rule.among.end()) return Reason::kChoice;
  }
  return Reason::kNone;
}

}  // namespace

Must must_of(std::string_view name) {
  if (name == "any") return Must::kAny;
  if (name == "number") return Must::kNumber;
  if (name == "integer") return Must::kInteger;
  if (name == "text") return Must::kText;
  if (name == "bool") return Must::kBool;
  fail<OptionError>("a rule's type is '", name, "'; expected any, number, integer, text or bool");
}

Reason Rules::take(std::span<const Value> values) {
  for (std::size_t i = 0; i < rules_.size(); ++i) {
    const Reason reason = broken(rules_[i], values[i]);
    if (reason != Reason::kNone) {
      refused_ = static_cast<int>(i);
      return reason;
    }
  }
  ++records_;
  return Reason::kNone;
}

}  // namespace asrbench::jsonlog
