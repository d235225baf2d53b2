#include "pricing/sobol.hpp"

#include <bit>
#include <cmath>
#include <utility>

#include "pricing/joe_kuo.hpp"

namespace asrbench::pricing {
namespace {

// m_k = 2 c_1 m_{k-1} ^ ... ^ 2^s m_{k-s} ^ m_{k-s}, where c are the polynomial's inner bits; the
// direction is m_k as a binary fraction of k bits (P. Bratley and B. Fox, Algorithm 659, 1988).
void recur(std::uint32_t* v, std::uint32_t polynomial, std::size_t degree) {
  for (std::size_t k = degree; k < kDirections; ++k) {
    std::uint32_t direction = v[k - degree] ^ (v[k - degree] >> degree);
    for (std::size_t i = 1; i < degree; ++i) {
      if ((polynomial >> (degree - i) & 1U) != 0) direction ^= v[k - i];
    }
    v[k] = direction;
  }
}

}  // namespace

Sobol::Sobol() : directions_(kMostSobolSteps * kDirections), first_(kMostSobolSteps * kSobolLanes) {
  for (std::size_t k = 0; k < kDirections; ++k) directions_[k] = 1U << (31 - k);
  const std::uint16_t* numbers = kJoeKuo;
  for (std::size_t d = 1; d < kMostSobolSteps; ++d) {
    std::uint32_t* const v = directions_.data() + d * kDirections;
    const std::uint32_t polynomial = *numbers++;
    const auto degree = static_cast<std::size_t>(std::bit_width(polynomial)) - 1;
    for (std::size_t k = 0; k < degree; ++k) v[k] = std::uint32_t{*numbers++} << (31 - k);
    recur(v, polynomial, degree);
  }
  for (std::size_t d = 0; d < kMostSobolSteps; ++d) {
    for (std::size_t i = 0; i < kSobolLanes; ++i) {
      std::uint32_t point = 0;
      for (std::size_t gray = i ^ i >> 1; gray != 0; gray &= gray - 1) {
        point ^= directions_[d * kDirections + static_cast<std::size_t>(std::countr_zero(gray))];
      }
      first_[d * kSobolLanes + i] = point;
    }
  }
}

void bridge(std::size_t steps, std::vector<BridgeStep>& into) {
  into.clear();
  into.push_back({steps, 0, 0, 0, 0, std::sqrt(static_cast<double>(steps))});
  std::vector<std::pair<std::size_t, std::size_t>> gaps;
  gaps.reserve(2 * steps);
  gaps.emplace_back(0, steps);
  for (std::size_t next = 0; next < gaps.size(); ++next) {  // the widest first
    const auto [from, to] = gaps[next];
    if (to - from < 2) continue;
    const std::size_t at = from + (to - from) / 2;
    const auto before = static_cast<double>(at - from);
    const auto behind = static_cast<double>(to - at);
    const double whole = before + behind;
    into.push_back(
        {at, from, to, behind / whole, before / whole, std::sqrt(before * behind / whole)});
    gaps.emplace_back(from, at);
    gaps.emplace_back(at, to);
  }
}

}  // namespace asrbench::pricing
