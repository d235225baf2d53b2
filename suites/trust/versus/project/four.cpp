// Two kernels that a noisy machine disturbs in unlike ways: hashing and random access to memory.
#include <pybind11/pybind11.h>

#include <algorithm>
#include <cstdint>
#include <numeric>
#include <random>
#include <unordered_map>
#include <utility>
#include <vector>

namespace {

constexpr int kFrames = 60;
constexpr int kSymbols = 24;
constexpr std::size_t kBeam = 12;
constexpr std::size_t kPlaces = std::size_t{1} << 23;  // of four bytes: more than a cache holds
constexpr int kSteps = 5'000;

// Keeps the best prefixes of random symbols, frame by frame, in a hash map by prefix.
double beam(std::uint64_t seed) {
  std::mt19937_64 chance(seed);
  std::uniform_real_distribution<double> score(-9.0, 0.0);
  std::vector<std::pair<std::uint64_t, double>> best{{0, 0.0}};
  for (int frame = 0; frame < kFrames; ++frame) {
    std::unordered_map<std::uint64_t, double> found;
    for (const auto& [prefix, known] : best) {
      for (std::uint64_t symbol = 0; symbol < kSymbols; ++symbol) {
        const std::uint64_t next = prefix * 0x9E3779B97F4A7C15ULL + symbol;
        const double total = known + score(chance);
        const auto [place, is_new] = found.try_emplace(next, total);
        if (!is_new) place->second = std::max(place->second, total);
      }
    }
    best.assign(found.begin(), found.end());
    const std::size_t kept = std::min(kBeam, best.size());
    const auto better = [](const auto& a, const auto& b) { return a.second > b.second; };
    std::partial_sort(best.begin(), best.begin() + static_cast<std::ptrdiff_t>(kept), best.end(),
                      better);
    best.resize(kept);
  }
  return best.front().second;
}

// One cycle through all places, so that no step is known before the one before it.
std::vector<std::uint32_t> cycle() {
  std::vector<std::uint32_t> order(kPlaces);
  std::iota(order.begin(), order.end(), 0U);
  std::shuffle(order.begin() + 1, order.end(), std::mt19937_64(1));
  std::vector<std::uint32_t> next(kPlaces);
  for (std::size_t i = 0; i < kPlaces; ++i) next[order[i]] = order[(i + 1) % kPlaces];
  return next;
}

std::uint32_t walk(std::uint32_t from) {
  static const std::vector<std::uint32_t> next = cycle();
  std::uint32_t at = from;
  for (int i = 0; i < kSteps; ++i) at = next[at];
  return at;
}

}  // namespace

PYBIND11_MODULE(_native, module) {
  module.def("beam", &beam, pybind11::call_guard<pybind11::gil_scoped_release>());
  module.def("walk", &walk, pybind11::call_guard<pybind11::gil_scoped_release>());
}
