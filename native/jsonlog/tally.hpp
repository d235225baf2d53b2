// The answer to a query as it grows: groups with counts, exact sums and the values of percentiles.
//
// Tallies of parts of a log add up to the same answer in whatever order they are added.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "jsonlog/exact_sum.hpp"
#include "jsonlog/lines.hpp"
#include "jsonlog/query.hpp"
#include "jsonlog/values.hpp"

namespace asrbench::jsonlog {

inline constexpr std::array<double, 3> kPercentiles{0.50, 0.95, 0.99};
inline constexpr std::size_t kMostGroups = 100'000;

struct Group {
  std::uint64_t count = 0;
  std::uint64_t errors = 0;
  ExactSum sum;
  Values values;

  // Interpolated linearly between the two values around (n - 1) p; none of no values. Reorders
  // them.
  [[nodiscard]] std::optional<std::array<double, 3>> percentiles();
};

class Tally : public Sink {
 public:
  explicit Tally(const Query& query) : query_(query), places_(query) {}

  // Throws EngineError beyond kMostGroups.
  [[nodiscard]] Reason take(std::span<const Value> values) override;
  void add(Tally&& other);

  // By the text of the field; the group of lines without it, or with null, has none.
  struct Keyed {
    std::optional<std::string> key;
    Group* group;
  };
  [[nodiscard]] std::vector<Keyed> groups();  // in the order of their keys' bytes, none first

 private:
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const {
      return std::hash<std::string_view>()(text);
    }
  };

  [[nodiscard]] Reason compare(const Condition& condition, const Value& value, bool& holds) const;
  [[nodiscard]] Group& group(const Value* by);
  [[nodiscard]] Group& group(std::string_view key);

  const Query& query_;
  Places places_;
  std::optional<Group> without_;
  std::unordered_map<std::string, Group, Hash, std::equal_to<>> with_;

  struct Recent {
    const std::string* key = nullptr;
    Group* group = nullptr;
  };
  std::array<Recent, 16> recent_{};  // most logs have few groups; by size and ends of the key
};

}  // namespace asrbench::jsonlog
