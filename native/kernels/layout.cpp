#include "kernels/layout.hpp"

#include <algorithm>
#include <utility>

#include "core/half.hpp"

namespace asrbench::kernels {
namespace {

Buffer<float> copy_of(std::span<const float> values) {
  return Buffer<float>(values.begin(), values.end());
}

// Calls write(column, k) for each place of the packed matrix, in order; nothing where it is zero.
template <class Value>
void pack(const Kernels& kernels, std::size_t columns, std::size_t depth, float* panels,
          const Value& value) {
  for (std::size_t left = 0; left < columns; left += kernels.panel) {
    const std::size_t width = std::min(kernels.panel, columns - left);
    for (std::size_t k = 0; k < depth; ++k, panels += kernels.panel) {
      for (std::size_t c = 0; c < width; ++c) panels[c] = value(left + c, k);
      std::fill(panels + width, panels + kernels.panel, 0.0F);
    }
  }
}

}  // namespace

std::size_t packed_size(const Kernels& kernels, std::size_t columns, std::size_t depth) {
  return (columns + kernels.panel - 1) / kernels.panel * kernels.panel * depth;
}

void pack_rows(const Kernels& kernels, const float* w, std::size_t w_stride, std::size_t columns,
               std::size_t depth, float* panels) {
  pack(kernels, columns, depth, panels,
       [=](std::size_t column, std::size_t k) { return w[column * w_stride + k]; });
}

void pack_columns(const Kernels& kernels, const float* w, std::size_t w_stride, std::size_t columns,
                  std::size_t depth, float* panels) {
  pack(kernels, columns, depth, panels,
       [=](std::size_t column, std::size_t k) { return w[k * w_stride + column]; });
}

Panels::Panels(const Kernels& kernels, ConstView w, std::span<const float> bias)
    : columns_(w.rows),
      depth_(w.columns),
      panels_(packed_size(kernels, w.rows, w.columns)),
      bias_(copy_of(bias)) {
  pack_rows(kernels, w.data, w.stride, columns_, depth_, panels_.data());
}

Gemm Panels::times(ConstView a, MatrixView c, Activation activation) const {
  return {.a = a.data,
          .a_stride = a.stride,
          .panels = panels_.data(),
          .c = c.data,
          .c_stride = c.stride,
          .rows = a.rows,
          .columns = columns_,
          .depth = depth_,
          .bias = bias_.empty() ? nullptr : bias_.data(),
          .activation = activation};
}

Rows::Rows(Buffer<float> w, std::size_t rows, std::size_t depth, std::span<const float> bias)
    : rows_(rows), depth_(depth), floats_(std::move(w)), bias_(copy_of(bias)) {}

Rows::Rows(Buffer<std::uint16_t> w, std::size_t rows, std::size_t depth,
           std::span<const float> bias)
    : rows_(rows), depth_(depth), halves_(std::move(w)), bias_(copy_of(bias)) {}

void Rows::multiply(const Kernels& kernels, const float* x, float* y, const float* residual,
                    Activation activation, std::size_t first, std::size_t count) const {
  const float* const bias = bias_.empty() ? nullptr : bias_.data() + first;
  const float* const rest = residual == nullptr ? nullptr : residual + first;
  if (!halves_.empty()) {
    kernels.gemv_half({halves_.data() + first * depth_, depth_, x, y + first, count, depth_, bias,
                       rest, activation});
  } else {
    kernels.gemv({floats_.data() + first * depth_, depth_, x, y + first, count, depth_, bias, rest,
                  activation});
  }
}

void Rows::copy_row(std::size_t row, float* into) const {
  if (!halves_.empty()) {
    const std::uint16_t* const from = halves_.data() + row * depth_;
    std::transform(from, from + depth_, into, half_to_float);
  } else {
    std::copy_n(floats_.data() + row * depth_, depth_, into);
  }
}

}  // namespace asrbench::kernels
