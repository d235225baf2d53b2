#include "kernels/linear.hpp"

#include <algorithm>
#include <cmath>

#include "core/error.hpp"
#include "core/half.hpp"
#include "kernels/packing.hpp"

namespace asrbench::kernels {
namespace {

// Divides the weights of each input by the largest of them, which `inputs` gets.
void even_out(Buffer<float>& w, std::size_t columns, Buffer<float>& inputs) {
  const std::size_t depth = inputs.size();
  std::ranges::fill(inputs, 0.0F);
  for (std::size_t i = 0; i < columns * depth; ++i) {
    inputs[i % depth] = std::max(inputs[i % depth], std::abs(w[i]));
  }
  for (float& input : inputs) input = input > 0 ? input : 1.0F;
  for (std::size_t i = 0; i < columns * depth; ++i) w[i] /= inputs[i % depth];
}

}  // namespace

Precision precision_of(const std::string& name) {
  if (name == "float32") return Precision::kFloat32;
  if (name == "int16") return Precision::kInt16;
  if (name == "int8") return Precision::kInt8;
  fail<OptionError>("precision is \"", name, "\"; expected float32, int16 or int8");
}

Operand::Operand(std::size_t rows, std::size_t depth)
    : evened_(depth), wide_(rows * grouped(depth)), narrow_(rows * grouped(depth)), scales_(rows) {}

void Operand::set(const Kernels& kernels, ConstView rows, const Linear& right) {
  floats_ = rows;
  const std::size_t depth = rows.columns;
  stride_ = grouped(depth);
  if (right.precision_ == Precision::kInt16) {
    for (std::size_t r = 0; r < rows.rows; ++r) {
      const float* x = rows.row(r);
      if (!right.inputs_.empty()) {
        for (std::size_t k = 0; k < depth; ++k) evened_[k] = x[k] * right.inputs_[k];
        x = evened_.data();
      }
      scales_[r] =
          kernels.quantise_int16(x, depth, int16_levels(depth), wide_.data() + r * stride_);
    }
  } else if (right.precision_ == Precision::kInt8) {
    for (std::size_t r = 0; r < rows.rows; ++r) {
      scales_[r] = kernels.quantise_int8(rows.row(r), depth, narrow_.data() + r * stride_);
    }
  }
}

Linear Linear::panels(const Kernels& kernels, Store& store, std::size_t columns, std::size_t depth,
                      const Weights& weights, std::span<const float> bias) {
  Linear linear(columns, depth, bias);
  linear.panels_ = store.array<float>(packed_size(kernels, columns, depth), [&](float* panels) {
    pack(kernels, weights().data(), depth, columns, depth, panels);
  });
  return linear;
}

Linear Linear::rows(Store& store, std::size_t columns, std::size_t depth, const Weights& weights,
                    std::span<const float> bias) {
  Linear linear(columns, depth, bias);
  linear.rows_ =
      store.array<float>(columns * depth, [&](float* rows) { std::ranges::copy(weights(), rows); });
  return linear;
}

Linear Linear::rows(Store& store, std::size_t columns, std::size_t depth,
                    const Buffer<std::uint16_t>& halves, std::span<const float> bias) {
  Linear linear(columns, depth, bias);
  linear.halves_ = store.array<std::uint16_t>(
      columns * depth, [&](std::uint16_t* rows) { std::ranges::copy(halves, rows); });
  return linear;
}

Linear Linear::ints(const Kernels& kernels, Store& store, std::size_t columns, std::size_t depth,
                    const Weights& weights, std::span<const float> bias, Precision precision,
                    bool even) {
  constexpr std::size_t kDeepest = 65536;  // 255 x 128 that often fits 32 bits
  if (depth > kDeepest) {
    fail<ModelError>("a product of ", depth, " terms; expected at most ", kDeepest, " of integers");
  }
  Linear linear(columns, depth, bias);
  linear.precision_ = precision;
  Buffer<float> inputs(even ? depth : 0);
  Buffer<float> scales(columns);
  Buffer<std::int32_t> sums(columns);
  linear.bytes_ =
      store.array<std::int8_t>(packed_bytes(kernels, columns, depth), [&](std::int8_t* bytes) {
        Buffer<float> w = weights();
        if (even) even_out(w, columns, inputs);
        pack_ints(kernels, w.data(), depth, columns, depth, bytes, scales.data(), sums.data());
      });
  linear.inputs_ =
      store.array<float>(inputs.size(), [&](float* into) { std::ranges::copy(inputs, into); });
  linear.scales_ =
      store.array<float>(columns, [&](float* into) { std::ranges::copy(scales, into); });
  linear.sums_ = store.array<std::int32_t>(
      columns, [&](std::int32_t* into) { std::ranges::copy(sums, into); });
  return linear;
}

void Linear::multiply(const Kernels& kernels, const Operand& x, MatrixView y, Activation activation,
                      bool add, std::size_t first, std::size_t count) const {
  const float* const bias = bias_.empty() ? nullptr : bias_.data() + first;
  const ConstView& floats = x.floats_;
  float* const c = y.data + first;
  const float* const residual = add ? c : nullptr;
  const auto ints = [&]<class Left>(const Buffer<Left>& a, std::int32_t offset) {
    return IntGemm<Left>{.a = a.data(),
                         .a_stride = x.stride_,
                         .a_scale = x.scales_.data(),
                         .panels = bytes_.data() + first * grouped(depth_),
                         .b_scale = scales_.data() + first,
                         .b_sums = sums_.data() + first,
                         .offset = offset,
                         .c = c,
                         .c_stride = y.stride,
                         .rows = floats.rows,
                         .columns = count,
                         .depth = depth_,
                         .bias = bias,
                         .residual = residual,
                         .residual_stride = y.stride,
                         .activation = activation};
  };
  if (precision_ == Precision::kInt16) {
    kernels.gemm_int16(ints(x.wide_, 0));
  } else if (precision_ == Precision::kInt8) {
    kernels.gemm_int8(ints(x.narrow_, kernels.int8_offset));
  } else if (!panels_.empty()) {
    kernels.gemm({.a = floats.data,
                  .a_stride = floats.stride,
                  .panels = panels_.data() + first * depth_,
                  .c = c,
                  .c_stride = y.stride,
                  .rows = floats.rows,
                  .columns = count,
                  .depth = depth_,
                  .bias = bias,
                  .residual = residual,
                  .residual_stride = y.stride,
                  .activation = activation});
  } else {  // row by row of x: the weights of a call stay in the cache meanwhile
    for (std::size_t r = 0; r < floats.rows; ++r) {
      float* const row = c + r * y.stride;
      const float* const kept = add ? row : nullptr;
      if (!halves_.empty()) {
        kernels.gemv_half({halves_.data() + first * depth_, depth_, floats.row(r), row, count,
                           depth_, bias, kept, activation});
      } else {
        kernels.gemv({rows_.data() + first * depth_, depth_, floats.row(r), row, count, depth_,
                      bias, kept, activation});
      }
    }
  }
}

void Linear::copy_column(const Kernels& kernels, std::size_t column, float* into) const {
  if (!bytes_.empty()) {
    for (std::size_t k = 0; k < depth_; k += kGroup) {
      const std::int8_t* const group = bytes_.data() + group_at(kernels, depth_, k, column);
      for (std::size_t i = 0; i < kGroup && k + i < depth_; ++i) {
        const float evened = scales_[column] * static_cast<float>(group[kGroupOrder[i]]);
        into[k + i] = inputs_.empty() ? evened : evened * inputs_[k + i];
      }
    }
  } else if (!halves_.empty()) {
    const std::uint16_t* const from = halves_.data() + column * depth_;
    std::transform(from, from + depth_, into, half_to_float);
  } else {
    std::copy_n(rows_.data() + column * depth_, depth_, into);
  }
}

}  // namespace asrbench::kernels
