#include "jsonlog/ranks.hpp"

#include <algorithm>
#include <bit>

namespace asrbench::jsonlog {
namespace {

constexpr unsigned kLow = 48;             // bits that are not counted by: 16 are
constexpr std::size_t kMany = 1U << 16U;  // values that are worth counting
constexpr std::size_t kShare = 8;         // near ones are copied if they are fewer than this part
constexpr std::uint64_t kSign = 1ULL << 63U;

// Larger for larger values: the bits of a double as an integer, the negative ones turned round.
std::size_t place(double value) {
  const auto bits = std::bit_cast<std::uint64_t>(value);
  return static_cast<std::size_t>((bits ^ ((bits & kSign) != 0 ? ~std::uint64_t{0} : kSign)) >>
                                  kLow);
}

}  // namespace

Ranks::Ranks(std::span<double> values) : values_(values) {
  if (values.size() < kMany) return;
  counts_.resize(std::size_t{1} << (64 - kLow));
  for (const double value : values) ++counts_[place(value)];
}

double Ranks::percentile(double p) {
  const double rank = static_cast<double>(values_.size() - 1) * p;
  const auto below = static_cast<std::size_t>(rank);
  const double part = rank - static_cast<double>(below);
  const Neighbours found = at(below);
  return found.low + (found.high / 2 - found.low / 2) * (2 * part);  // a difference may overflow
}

Ranks::Neighbours Ranks::at(std::size_t rank) {
  std::size_t before = 0;
  std::size_t first = 0;
  std::size_t inside = values_.size();
  std::size_t last = counts_.size();
  if (!counts_.empty()) {
    while (before + counts_[first] <= rank) before += counts_[first++];
    last = first;
    inside = counts_[first];
    while (rank + 1 >= before + inside && before + inside < values_.size()) {
      inside += counts_[++last];
    }
  }
  if (inside > values_.size() / kShare) {
    const Neighbours found = select(values_.subspan(placed_), rank - placed_);
    placed_ = rank;
    return found;
  }
  near_.clear();
  for (const double value : values_) {
    const std::size_t at = place(value);
    if (first <= at && at <= last) near_.push_back(value);
  }
  return select(near_, rank - before);
}

Ranks::Neighbours Ranks::select(std::span<double> values, std::size_t rank) {
  const auto at = values.begin() + static_cast<std::ptrdiff_t>(rank);
  std::nth_element(values.begin(), at, values.end());
  const double low = *at;
  return {low, rank + 1 < values.size() ? *std::min_element(at + 1, values.end()) : low};
}

}  // namespace asrbench::jsonlog
