// How a weight matrix is laid out for the kernels: packed panels for products with many rows,
// plain rows for products with one.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "core/matrix.hpp"
#include "kernels/kernels.hpp"

namespace asrbench::kernels {

// The number of floats that pack() writes for a product with that many columns and that depth.
[[nodiscard]] std::size_t packed_size(const Kernels& kernels, std::size_t columns,
                                      std::size_t depth);

// Lays B[k, c] = w[c, k] out in panels: [columns / panel][depth][panel], zeros behind the last
// column. `w` has (columns, depth) values in rows `w_stride` apart: a weight matrix [out, in], or
// the keys of an attention.
void pack_rows(const Kernels& kernels, const float* w, std::size_t w_stride, std::size_t columns,
               std::size_t depth, float* panels);

// The same for B[k, c] = w[k, c]: `w` has (depth, columns) values, the values of an attention.
void pack_columns(const Kernels& kernels, const float* w, std::size_t w_stride, std::size_t columns,
                  std::size_t depth, float* panels);

// A matrix [out, in] in panels with its bias.
class Panels {
 public:
  Panels() = default;
  // `bias` has one value a row of `w`, or is empty.
  Panels(const Kernels& kernels, ConstView w, std::span<const float> bias);

  [[nodiscard]] std::size_t columns() const { return columns_; }
  [[nodiscard]] std::size_t depth() const { return depth_; }

  // The product's right side: the caller adds its left side and where the result goes.
  [[nodiscard]] Gemm times(ConstView a, MatrixView c, Activation activation) const;

 private:
  std::size_t columns_ = 0;
  std::size_t depth_ = 0;
  Buffer<float> panels_;
  Buffer<float> bias_;
};

// A matrix [out, in] in rows with its bias. Half-precision weights stay as they are: the product
// widens them exactly, and reads half the memory.
class Rows {
 public:
  Rows() = default;
  Rows(Buffer<float> w, std::size_t rows, std::size_t depth, std::span<const float> bias);
  Rows(Buffer<std::uint16_t> w, std::size_t rows, std::size_t depth, std::span<const float> bias);

  [[nodiscard]] std::size_t rows() const { return rows_; }
  [[nodiscard]] std::size_t depth() const { return depth_; }

  // y[r] for the rows [first, first + count): y = activation(residual + bias + w x).
  // `residual` is null or has a value for every row, and may be `y`.
  void multiply(const Kernels& kernels, const float* x, float* y, const float* residual,
                Activation activation, std::size_t first, std::size_t count) const;

  // The row as float32, into depth() values.
  void copy_row(std::size_t row, float* into) const;

 private:
  std::size_t rows_ = 0;
  std::size_t depth_ = 0;
  Buffer<float> floats_;  // one of these two holds the weights
  Buffer<std::uint16_t> halves_;
  Buffer<float> bias_;
};

}  // namespace asrbench::kernels
