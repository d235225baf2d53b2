// The interface of a simulation: what each instruction set is given, and what it gives back.
#pragma once

#include <cstddef>
#include <cstdint>

#include "pricing/contract.hpp"

namespace asrbench::pricing {

// Price and Greeks as they are summed; the first alone where no Greeks are asked for.
inline constexpr std::size_t kOutputs = 6;  // price, delta, gamma, vega, rho, theta
inline constexpr std::size_t kDirections = 32;
inline constexpr std::size_t kSobolLanes = 16;  // points that a table of first points is made for

// A value of a Brownian path between two that are known: at = left * l + right * r + deviation * z.
struct BridgeStep {
  std::size_t at, from, to;  // places in 1..steps; `from` may be 0, where the path is 0
  double left, right, deviation;
};

// Everything that paths depend on, in units of the spot. Pointers are borrowed.
struct Plan {
  Contract contract;
  bool greeks;
  double strike;        // over the spot
  double log_barrier;   // of barrier over spot
  double drift, noise;  // mean and deviation of the logarithm's change in a step
  const double* still;  // by date: what the price would be without noise
  double still_mean;    // the geometric mean of these
  std::uint64_t seed;
  // for Sobol's sequence, by dimension:
  const std::uint32_t* directions;  // kDirections each
  const std::uint32_t* first;       // the first kSobolLanes points
  const BridgeStep* bridge;         // one for each step, the last date first
};

// Some of the pairs of paths; of Sobol's, some of one randomisation. `first` is a multiple of 64.
struct Part {
  std::size_t first;
  std::size_t count;
  const std::uint32_t* shift;  // by dimension; null for Philox
};

// Sums of each output and of its square, over pairs: means of two antithetic paths.
struct Sums {
  double sum[kOutputs];
  double square[kOutputs];
};

struct Kernels {
  const char* isa;
  void (*simulate32)(const Plan&, const Part&, Sums&);
  void (*simulate64)(const Plan&, const Part&, Sums&);
  // The words of `count` counters {i, i >> 32, step, 0} from `first` on: (count, 4).
  void (*words)(std::uint64_t seed, std::uint64_t first, std::uint32_t step, std::size_t count,
                std::uint32_t* out);
  // Normal deviates of words of 32 or 64 bits, by the inverse of the distribution.
  void (*normals32)(const std::uint32_t* words, std::size_t count, float* out);
  void (*normals64)(const std::uint64_t* words, std::size_t count, double* out);
};

const Kernels* generic();
const Kernels* avx2();  // null where it was not compiled in
const Kernels* avx512();
const Kernels* neon();

// The kernels of that instruction set; throws OptionError when it is unknown or cannot run here.
[[nodiscard]] const Kernels& named(const char* isa);

}  // namespace asrbench::pricing
