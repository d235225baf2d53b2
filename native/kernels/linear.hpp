// A weight matrix with its bias, laid out for the products it takes part in.
//
// float32 lies in panels for products with many rows and in plain rows for products with one, where
// half-precision weights stay as they are: the product widens them exactly and reads half the
// memory. Integers lie in panels of bytes for both.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>

#include "core/matrix.hpp"
#include "core/store.hpp"
#include "kernels/kernels.hpp"

namespace asrbench::kernels {

// How a product is computed. The weights of the last two are bytes with a scale a row; what they
// are multiplied with is quantised as it comes, to 16 bits (nearly without loss) or to 8.
enum class Precision : std::uint8_t { kFloat32, kInt16, kInt8 };

// The precision of that name; throws OptionError for another word.
[[nodiscard]] Precision precision_of(const std::string& name);

class Linear;

// Rows of floats and, where a product is of integers, the integers they became.
class Operand {
 public:
  Operand() = default;
  Operand(std::size_t rows, std::size_t depth);  // the most it will hold

  // Quantises the rows as that right side wants them; they are borrowed until it was multiplied.
  void set(const Kernels& kernels, ConstView rows, const Linear& right);

 private:
  friend class Linear;

  ConstView floats_{nullptr, 0, 0, 0};
  std::size_t stride_ = 0;
  Buffer<float> evened_;  // a row
  Buffer<std::int16_t> wide_;
  Buffer<std::uint8_t> narrow_;
  Buffer<float> scales_;
};

class Linear {
 public:
  using Weights = std::function<Buffer<float>()>;  // (columns, depth), asked for where they are new

  Linear() = default;

  // Floats for products with many rows; `bias` has (columns) values, or none.
  static Linear panels(const Kernels& kernels, Store& store, std::size_t columns, std::size_t depth,
                       const Weights& weights, std::span<const float> bias);
  // Floats, or the bits of halves, for products with one row.
  static Linear rows(Store& store, std::size_t columns, std::size_t depth, const Weights& weights,
                     std::span<const float> bias);
  static Linear rows(Store& store, std::size_t columns, std::size_t depth,
                     const Buffer<std::uint16_t>& halves, std::span<const float> bias);
  // Bytes, for products with any number of rows. If `even`, which is for int16, an input's weights
  // are divided by the largest of them and the input is multiplied by it: where inputs are alike
  // and weights are not, as those of embeddings, outliers would take the bits of the others
  // (compare Xiao et al. 2022, SmoothQuant).
  static Linear ints(const Kernels& kernels, Store& store, std::size_t columns, std::size_t depth,
                     const Weights& weights, std::span<const float> bias, Precision precision,
                     bool even = false);

  [[nodiscard]] std::size_t columns() const { return columns_; }
  [[nodiscard]] std::size_t depth() const { return depth_; }
  [[nodiscard]] Precision precision() const { return precision_; }

  // y = activation(bias + x W^T), or y += bias + x W^T if `add`, for the columns [first, first +
  // count); `y` has them all, and `first` is a multiple of a panel. `x` was set for this right
  // side. Weights in rows are best for one row of it, or a few.
  void multiply(const Kernels& kernels, const Operand& x, MatrixView y, Activation activation,
                bool add, std::size_t first, std::size_t count) const;
  void multiply(const Kernels& kernels, const Operand& x, MatrixView y, Activation activation,
                bool add = false) const {
    multiply(kernels, x, y, activation, add, 0, columns_);
  }

  // The weights of a column as float32, into depth() values; not those in panels of floats.
  void copy_column(const Kernels& kernels, std::size_t column, float* into) const;

 private:
  friend class Operand;

  Linear(std::size_t columns, std::size_t depth, std::span<const float> bias)
      : columns_(columns), depth_(depth), bias_(bias) {}

  std::size_t columns_ = 0;
  std::size_t depth_ = 0;
  std::span<const float> bias_;
  Precision precision_ = Precision::kFloat32;
  // One of these four holds the weights.
  std::span<const float> panels_;
  std::span<const float> rows_;
  std::span<const std::uint16_t> halves_;
  std::span<const std::int8_t> bytes_;
  std::span<const float> scales_;       // of bytes, one a column
  std::span<const std::int32_t> sums_;  // likewise
  std::span<const float> inputs_;       // (depth) what x is multiplied by, or none
};

}  // namespace asrbench::kernels
