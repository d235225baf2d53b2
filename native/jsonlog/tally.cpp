#include "jsonlog/tally.hpp"

#include <algorithm>
#include <utility>

#include "core/error.hpp"
#include "jsonlog/ranks.hpp"

namespace asrbench::jsonlog {
namespace {

bool is_number_or_none(const Value& value) { return value.kind == Kind::kNumber || !value.there(); }

}  // namespace

std::optional<std::array<double, 3>> Group::percentiles() {
  if (values.size() == 0) return std::nullopt;
  std::array<double, 3> found{};
  Ranks ranks(values.all());
  std::transform(kPercentiles.begin(), kPercentiles.end(), found.begin(),
                 [&](double p) { return ranks.percentile(p); });
  return found;
}

Reason Tally::take(std::span<const Value> values) {
  const auto at = [&](int place) {
    return place < 0 ? nullptr : &values[static_cast<std::size_t>(place)];
  };
  for (std::size_t i = 0; i < query_.where.size(); ++i) {
    bool holds = false;
    const Reason bad = compare(query_.where[i], *at(places_.where[i]), holds);
    if (bad != Reason::kNone || !holds) return bad;
  }
  const Value* const by = at(places_.by);
  const Value* const value = at(places_.value);
  const Value* const sum = at(places_.sum);
  const Value* const status = at(places_.status);
  if ((by != nullptr && by->kind == Kind::kContainer) ||
      (status != nullptr && status->kind == Kind::kContainer) ||
      (value != nullptr && !is_number_or_none(*value)) ||
      (sum != nullptr && !is_number_or_none(*sum))) {
    return Reason::kType;
  }
  Group& into = group(by);
  ++into.count;
  if (status != nullptr && status->there() && status->text != query_.ok) ++into.errors;
  if (sum != nullptr && sum->there()) into.sum.add(sum->number);
  if (value != nullptr && value->there()) into.values.push(value->number + 0.0);  // no -0
  return Reason::kNone;
}

Reason Tally::compare(const Condition& condition, const Value& value, bool& holds) const {
  if (value.kind == Kind::kContainer) return Reason::kType;
  const Comparison how = condition.comparison;
  if (how == Comparison::kEqual || how == Comparison::kUnequal) {
    const bool equal = value.there() && value.text == condition.text;
    holds = equal == (how == Comparison::kEqual);
    return Reason::kNone;
  }
  if (!is_number_or_none(value)) return Reason::kType;
  if (!value.there()) return Reason::kNone;
  const double left = value.number;
  const double right = condition.number;
  switch (how) {
    case Comparison::kLess:
      holds = left < right;
      break;
    case Comparison::kAtMost:
      holds = left <= right;
      break;
    case Comparison::kMore:
      holds = left > right;
      break;
    default:
      holds = left >= right;
  }
  return Reason::kNone;
}

Group& Tally::group(const Value* by) {
  if (by == nullptr || !by->there()) {
    if (!without_) without_.emplace();
    return *without_;
  }
  const std::string_view key = by->text;
  if (key.empty()) return group(key);
  const auto ends = static_cast<unsigned char>(key.front() + 3 * key.back());
  Recent& recent = recent_[(key.size() + ends) % recent_.size()];
  if (recent.key == nullptr || *recent.key != key) {
    Group& found = group(key);
    recent = {&with_.find(key)->first, &found};  // an unordered_map moves no element
  }
  return *recent.group;
}

Group& Tally::group(std::string_view key) {
  const auto found = with_.find(key);
  if (found != with_.end()) return found->second;
  if (with_.size() == kMostGroups) {
    fail<EngineError>("there are more than ", kMostGroups, " groups by '", *query_.by,
                      "'; expected a field with fewer values");
  }
  return with_.try_emplace(std::string(key)).first->second;
}

void Tally::add(Tally&& other) {
  const auto add = [](Group& into, Group& from) {
    into.count += from.count;
    into.errors += from.errors;
    into.sum.add(from.sum);
    into.values.take(std::move(from.values));
  };
  if (other.without_) {
    if (!without_) without_.emplace();
    add(*without_, *other.without_);
  }
  for (auto& [key, from] : other.with_) add(group(key), from);
  other.without_.reset();
  other.with_.clear();
  other.recent_ = {};
}

std::vector<Tally::Keyed> Tally::groups() {
  std::vector<Keyed> found;
  if (without_) found.push_back({std::nullopt, &*without_});
  for (auto& [key, group] : with_) found.push_back({key, &group});
  std::sort(found.begin(), found.end(),
            [](const Keyed& a, const Keyed& b) { return a.key < b.key; });
  return found;
}

}  // namespace asrbench::jsonlog
