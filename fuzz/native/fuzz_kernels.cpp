// Sizes, strides and values through every instruction set: all agree with generic.
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <span>
#include <vector>

#include "core/matrix.hpp"
#include "core/store.hpp"
#include "kernels/choose.hpp"
#include "kernels/linear.hpp"
#include "speech/attention.hpp"

namespace {

using asrbench::kernels::Activation;
using asrbench::kernels::Kernels;
using asrbench::kernels::Linear;
using asrbench::kernels::Precision;

// Takes numbers off the front of the input, and goes round it for values.
class Chooser {
 public:
  explicit Chooser(std::span<const std::uint8_t> bytes) : bytes_(bytes) {}

  std::size_t size(std::size_t most) { return 1 + byte() % most; }

  // Values of -8 to 8: sums of hundreds of products stay far from overflow.
  std::vector<float> values(std::size_t count) {
    std::vector<float> result(count);
    for (float& value : result) value = static_cast<float>(static_cast<std::int8_t>(byte())) / 16;
    return result;
  }

 private:
  std::uint8_t byte() { return bytes_.empty() ? 0 : bytes_[at_++ % bytes_.size()]; }

  std::span<const std::uint8_t> bytes_;
  std::size_t at_ = 0;
};

void agree(const std::vector<float>& found, const std::vector<float>& expected, double scale) {
  for (std::size_t i = 0; i < expected.size(); ++i) {
    const double allowed = 1e-5 * std::max({1.0, scale, std::abs(double{expected[i]})});
    if (!(std::abs(double{found[i]} - double{expected[i]}) <= allowed)) std::abort();
  }
}

struct Case {
  std::size_t rows, columns, depth, gap;
  std::vector<float> a, w, bias;
  Activation activation;
};

std::vector<float> gemm(const Kernels& kernels, const Case& c, Precision precision) {
  asrbench::Store store;
  const auto weights = [&] { return asrbench::Buffer<float>(c.w.begin(), c.w.end()); };
  const Linear linear =
      precision == Precision::kFloat32
          ? Linear::panels(kernels, store, c.columns, c.depth, weights, c.bias)
          : Linear::ints(kernels, store, c.columns, c.depth, weights, c.bias, precision);
  std::vector<float> result(c.rows * (c.columns + c.gap), 0.0F);
  asrbench::kernels::Operand operand(c.rows, c.depth);
  operand.set(kernels, {c.a.data(), c.rows, c.depth, c.depth + c.gap}, linear);
  linear.multiply(kernels, operand, {result.data(), c.rows, c.columns, c.columns + c.gap},
                  c.activation);
  return result;
}

// The weights as keys and as values.
std::vector<float> attend(const Kernels& kernels, const Case& c, Precision precision) {
  asrbench::speech::KeyValues head(kernels, 1, c.depth, c.columns, precision);
  head.put(0, 0, {c.w.data(), c.columns, c.depth, c.depth},
           {c.w.data(), c.columns, c.depth, c.depth});
  head.seal(0);
  asrbench::speech::AttentionScratch scratch(c.rows, c.columns, c.depth);
  std::vector<float> result(c.rows * c.depth);
  head.attend(0, {c.a.data(), c.rows, c.depth, c.depth + c.gap},
              {result.data(), c.rows, c.depth, c.depth}, scratch);
  return result;
}

std::vector<float> gemv(const Kernels& kernels, const Case& c) {
  std::vector<float> result(c.columns);
  kernels.gemv({c.w.data(), c.depth, c.a.data(), result.data(), c.columns, c.depth, c.bias.data(),
                nullptr, c.activation});
  return result;
}

std::vector<float> rowwise(const Kernels& kernels, const Case& c) {
  std::vector<float> result(c.a.begin(), c.a.begin() + static_cast<std::ptrdiff_t>(c.depth));
  kernels.softmax(result.data(), 0.5F, c.depth);
  std::vector<float> normed(c.depth);
  kernels.layer_norm(c.a.data(), c.w.data(), c.w.data(), 1e-5F, normed.data(), c.depth);
  result.insert(result.end(), normed.begin(), normed.end());
  std::vector<float> curved(c.a);
  kernels.gelu(curved.data(), curved.size());
  result.insert(result.end(), curved.begin(), curved.end());
  result.push_back(kernels.max(c.a.data(), c.depth));
  result.push_back(kernels.sum_exp(c.a.data(), result.back(), c.depth));
  return result;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Chooser chooser({data, size});
  Case c{chooser.size(13), chooser.size(37), chooser.size(40), chooser.size(9) - 1, {}, {}, {},
         Activation::kNone};
  if (chooser.size(2) == 2) c.activation = Activation::kGelu;
  c.a = chooser.values(c.rows * (c.depth + c.gap));
  c.w = chooser.values(c.columns * c.depth);
  c.bias = chooser.values(c.columns);
  const Kernels& generic = asrbench::kernels::named("generic");
  const double terms = static_cast<double>(c.depth) * 64;  // each product is at most 8 x 8
  for (const Kernels* kernels : asrbench::kernels::usable()) {
    for (const Precision precision : {Precision::kFloat32, Precision::kInt16, Precision::kInt8}) {
      const bool same_grid = kernels->int8_levels == generic.int8_levels;
      if (precision == Precision::kInt8 && !same_grid) continue;
      agree(gemm(*kernels, c, precision), gemm(generic, c, precision), terms);
    }
    agree(attend(*kernels, c, Precision::kFloat32), attend(generic, c, Precision::kFloat32), 8);
    // exponentials may round to the next integer in one set and not in the other
    agree(attend(*kernels, c, Precision::kInt16), attend(generic, c, Precision::kInt16), 800);
    agree(gemv(*kernels, c), gemv(generic, c), terms);
    agree(rowwise(*kernels, c), rowwise(generic, c), 8);
  }
  return 0;
}
