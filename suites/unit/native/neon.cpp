// NEON's products and attention beside generic's, for an emulated processor: exit 0 if they agree.
#include <cmath>
#include <cstdio>
#include <random>
#include <vector>

#include "kernels/kernels.hpp"
#include "kernels/linear.hpp"
#include "speech/attention.hpp"

namespace {

using namespace asrbench;           // NOLINT: a test of its own
using namespace asrbench::kernels;  // NOLINT

struct Sizes {
  std::size_t rows, columns, depth;
};

std::vector<float> values(std::size_t count, unsigned seed) {
  std::mt19937 chance(seed);
  std::normal_distribution<float> normal;
  std::vector<float> result(count);
  for (float& value : result) value = normal(chance);
  return result;
}

std::vector<float> product(const Kernels& kernels, Sizes s, Precision precision) {
  const std::vector<float> a = values(s.rows * s.depth, 1);
  const std::vector<float> w = values(s.columns * s.depth, 2);
  const std::vector<float> bias = values(s.columns, 3);
  Store store;
  const auto weights = [&] { return Buffer<float>(w.begin(), w.end()); };
  const Linear linear =
      precision == Precision::kFloat32
          ? Linear::panels(kernels, store, s.columns, s.depth, weights, bias)
          : Linear::ints(kernels, store, s.columns, s.depth, weights, bias, precision);
  Operand operand(s.rows, s.depth);
  operand.set(kernels, {a.data(), s.rows, s.depth, s.depth}, linear);
  std::vector<float> result(s.rows * s.columns);
  linear.multiply(kernels, operand, {result.data(), s.rows, s.columns, s.columns},
                  Activation::kNone);
  return result;
}

std::vector<float> attention(const Kernels& kernels, Sizes s, Precision precision) {
  const std::vector<float> q = values(s.rows * s.depth, 4);
  const std::vector<float> k = values(s.columns * s.depth, 5);
  speech::KeyValues head(kernels, 1, s.depth, s.columns, precision);
  head.put(0, 0, {k.data(), s.columns, s.depth, s.depth}, {k.data(), s.columns, s.depth, s.depth});
  head.seal(0);
  speech::AttentionScratch scratch(s.rows, s.columns, s.depth);
  std::vector<float> result(s.rows * s.depth);
  head.attend(0, {q.data(), s.rows, s.depth, s.depth}, {result.data(), s.rows, s.depth, s.depth},
              scratch);
  return result;
}

bool agree(const char* what, Sizes s, const std::vector<float>& found,
           const std::vector<float>& expected, double allowed) {
  for (std::size_t i = 0; i < expected.size(); ++i) {
    if (!(std::abs(double{found[i]} - double{expected[i]}) <= allowed)) {
      std::printf("%s of %zu x %zu x %zu: [%zu] is %g; generic's is %g\n", what, s.rows, s.columns,
                  s.depth, i, double{found[i]}, double{expected[i]});
      return false;
    }
  }
  return true;
}

}  // namespace

int main() {
  bool well = true;
  for (const std::size_t rows : {1, 7, 8, 9, 33}) {
    for (const std::size_t columns : {1, 4, 12, 13, 50}) {
      for (const std::size_t depth : {1, 3, 4, 17, 64, 150}) {
        const Sizes s{rows, columns, depth};
        const auto both = [&](const char* what, auto compute, Precision precision, double allowed) {
          well &= agree(what, s, compute(*neon(), s, precision), compute(*generic(), s, precision),
                        allowed);
        };
        both("float32", product, Precision::kFloat32, 1e-5 * static_cast<double>(depth));
        both("int16", product, Precision::kInt16, 0);  // sums are exact: the same bits
        // activations of generic have 127 levels, those of NEON 63
        both("int8", product, Precision::kInt8, 0.3 + 0.15 * std::sqrt(depth));
        both("attention in float32", attention, Precision::kFloat32, 1e-4);
        both("attention in int16", attention, Precision::kInt16, 2e-3);
      }
    }
  }
  return well ? 0 : 1;
}
