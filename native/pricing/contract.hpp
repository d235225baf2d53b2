// What is priced, and how: an option on one lognormal asset, and the settings of a simulation.
#pragma once

#include <cstddef>
#include <cstdint>

namespace asrbench::pricing {

enum class Kind { kEuropean, kAsian, kBarrier };
enum class Right { kCall, kPut };
enum class Knock { kNone, kUpAndOut, kUpAndIn, kDownAndOut, kDownAndIn };
enum class Method { kPhilox, kSobol };
enum class Precision { kFloat32, kFloat64 };

// An option under Black and Scholes: constant rate and volatility, no dividends. It is looked at on
// `steps` dates equally far apart, the last one at the end and none at the beginning.
struct Contract {
  Kind kind;
  Right right;
  double spot;
  double strike;
  double rate;        // a year, continuously compounded
  double volatility;  // of a year
  double years;
  std::size_t steps;  // 1 for European options
  Knock knock;        // of barrier options
  double barrier;     // a price; not looked at for others
};

struct Settings {
  std::size_t paths;  // half of them mirror the others: antithetic pairs
  std::uint64_t seed;
  Method method;  // where the pairs come from: chance, or Sobol's sequence randomised
  Precision precision;
  bool greeks;
};

inline constexpr std::size_t kMostSteps = 1024;
inline constexpr std::size_t kMostSobolSteps = 128;  // dimensions of the table of direction numbers
inline constexpr std::size_t kMostPaths = std::size_t{1} << 40U;
inline constexpr std::size_t kShifts = 16;  // randomisations that a standard error is taken over

// Throws OptionError, which names the value and what was expected: what is let through has finite
// prices, for the logarithm of a price stays within 60 of the spot's.
void check(const Contract& contract);
void check(const Contract& contract, const Settings& settings);

// The price of the option on the geometric mean of the same dates (Kemna and Vorst 1990), which is
// the control of an Asian option.
[[nodiscard]] double geometric_asian(const Contract& contract);

}  // namespace asrbench::pricing
