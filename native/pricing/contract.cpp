#include "pricing/contract.hpp"

#include <bit>
#include <cmath>

#include "core/error.hpp"
#include "pricing/simulate.hpp"

namespace asrbench::pricing {
namespace {

constexpr double kLeastDeviation = 1e-4;
constexpr double kMostDeviation = 5;
constexpr double kMostGrowth = 10;
constexpr double kMostRatio = 1e6;
constexpr double kLeastPrice = 1e-100;
constexpr double kMostPrice = 1e100;

void within(const char* name, double value, double least, double most) {
  if (!(value >= least && value <= most)) {  // a NaN is not
    fail<OptionError>(name, " is ", value, "; expected ", least, " to ", most);
  }
}

void check_barrier(const Contract& c) {
  if (c.kind != Kind::kBarrier) {
    if (c.knock != Knock::kNone) fail<OptionError>("knock is given; expected none but of barriers");
    return;
  }
  if (c.knock == Knock::kNone) fail<OptionError>("knock is none; expected one of a barrier option");
  within("barrier", c.barrier, c.spot / kMostRatio, c.spot * kMostRatio);
  const bool up = c.knock == Knock::kUpAndOut || c.knock == Knock::kUpAndIn;
  if (up ? c.barrier <= c.spot : c.barrier >= c.spot) {
    fail<OptionError>("barrier is ", c.barrier, "; expected it ", up ? "above" : "below",
                      " the spot, ", c.spot);
  }
}

double normal_cdf(double x) { return std::erfc(-x / std::sqrt(2.0)) / 2; }

}  // namespace

void check(const Contract& c) {
  within("spot", c.spot, kLeastPrice, kMostPrice);
  within("strike", c.strike, c.spot / kMostRatio, c.spot * kMostRatio);
  within("years", c.years, 1e-6, 1000);
  within("rate", c.rate, -kMostGrowth / c.years, kMostGrowth / c.years);
  const double root = std::sqrt(c.years);
  within("volatility", c.volatility, kLeastDeviation / root, kMostDeviation / root);
  if (c.steps < 1 || c.steps > kMostSteps) {
    fail<OptionError>("steps is ", c.steps, "; expected 1 to ", kMostSteps);
  }
  if (c.kind == Kind::kEuropean && c.steps != 1) {
    fail<OptionError>("steps is ", c.steps, "; expected 1 of a European option");
  }
  check_barrier(c);
}

void check(const Contract& contract, const Settings& settings) {
  check(contract);
  const std::size_t paths = settings.paths;
  if (settings.method == Method::kPhilox) {
    if (paths < 4 || paths > kMostPaths || paths % 2 != 0) {
      fail<OptionError>("paths is ", paths, "; expected an even number from 4 to ", kMostPaths);
    }
    return;
  }
  constexpr std::size_t kLeast = 2 * kSobolLanes * kShifts;
  constexpr std::size_t kMost = kShifts << 32U;  // points have 32 bits
  if (!std::has_single_bit(paths) || paths < kLeast || paths > kMost) {
    fail<OptionError>("paths is ", paths, "; expected a power of two from ", kLeast, " to ", kMost,
                      " for Sobol's sequence");
  }
  if (contract.steps > kMostSobolSteps) {
    fail<OptionError>("steps is ", contract.steps, "; expected at most ", kMostSobolSteps,
                      " for Sobol's sequence");
  }
}

double geometric_asian(const Contract& c) {
  const auto n = static_cast<double>(c.steps);
  const double square = c.volatility * c.volatility * c.years;
  const double variance = square * (n + 1) * (2 * n + 1) / (6 * n * n);
  const double mean = (c.rate * c.years - square / 2) * (n + 1) / (2 * n);
  const double forward = c.spot * std::exp(mean + variance / 2);
  const double deviation = std::sqrt(variance);
  const double d1 = std::log(forward / c.strike) / deviation + deviation / 2;
  const double sign = c.right == Right::kCall ? 1 : -1;
  return sign * std::exp(-c.rate * c.years) *
         (forward * normal_cdf(sign * d1) - c.strike * normal_cdf(sign * (d1 - deviation)));
}

}  // namespace asrbench::pricing
