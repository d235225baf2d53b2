// NEON's simulation beside generic's, for an emulated processor: exit 0 if they agree.
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <vector>

#include "pricing/simulate.hpp"
#include "pricing/sobol.hpp"

namespace {

using namespace asrbench::pricing;  // NOLINT: a test of its own

bool agree(const char* what, double found, double expected, double allowed) {
  if (std::abs(found - expected) <= allowed) return true;
  std::printf("%s is %.12g; generic's is %.12g\n", what, found, expected);
  return false;
}

bool words_agree() {
  std::vector<std::uint32_t> a(4 * 101);
  std::vector<std::uint32_t> b(a.size());
  neon()->words(0x123456789abcdefU, 0xffffffffU - 50, 7, 101, a.data());
  generic()->words(0x123456789abcdefU, 0xffffffffU - 50, 7, 101, b.data());
  if (a != b) std::printf("words differ\n");
  std::vector<float> z(a.size());
  std::vector<float> y(a.size());
  neon()->normals32(a.data(), a.size(), z.data());
  generic()->normals32(a.data(), a.size(), y.data());
  bool well = a == b;
  for (std::size_t i = 0; i < z.size(); ++i) {
    well &= agree("a deviate", double{z[i]}, double{y[i]}, 2e-6);
  }
  return well;
}

bool sums_agree(Kind kind, std::size_t steps, bool sobol) {
  const Sobol table;
  std::vector<BridgeStep> steps_of;
  bridge(steps, steps_of);
  const double step = 1.0 / static_cast<double>(steps);
  std::vector<double> still;
  Plan p{};
  p.contract = {kind, Right::kCall, 100, 105, 0.05, 0.2, 1, steps, Knock::kUpAndOut, 130};
  p.greeks = true;
  p.strike = 1.05;
  p.log_barrier = std::log(1.3);
  p.drift = 0.03 * step;
  p.noise = 0.2 * std::sqrt(step);
  for (std::size_t i = 0; i < steps; ++i) {
    still.push_back(std::exp(p.drift * static_cast<double>(i + 1)));
  }
  p.still = still.data();
  p.still_mean = std::exp(p.drift * static_cast<double>(steps + 1) / 2);
  p.seed = 5;
  p.directions = table.directions();
  p.first = table.first();
  p.bridge = steps_of.data();
  const std::vector<std::uint32_t> shift(kMostSobolSteps, 0x9e3779b9U);
  const Part part{64, sobol ? std::size_t{256} : std::size_t{333}, sobol ? shift.data() : nullptr};
  bool well = true;
  for (const bool wide : {false, true}) {
    Sums a;
    Sums b;
    (wide ? neon()->simulate64 : neon()->simulate32)(p, part, a);
    (wide ? generic()->simulate64 : generic()->simulate32)(p, part, b);
    for (std::size_t i = 0; i < kOutputs; ++i) {
      const double size = std::sqrt(b.square[i] * static_cast<double>(part.count));
      well &= agree("a sum", a.sum[i], b.sum[i], (wide ? 1e-12 : 1e-5) * size);
    }
  }
  return well;
}

}  // namespace

int main() {
  bool well = words_agree();
  for (const bool sobol : {false, true}) {
    well &= sums_agree(Kind::kEuropean, 1, sobol);
    well &= sums_agree(Kind::kAsian, 13, sobol);
    well &= sums_agree(Kind::kBarrier, 13, sobol);
  }
  return well ? 0 : 1;
}
