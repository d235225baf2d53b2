// The kernels of the recognizer behind one interface, and the choice among them at run time.
//
// A kernel works on borrowed memory of its caller, on the caller's thread, and never allocates.
// One file per instruction set fills a table; results differ between sets only by rounding.
#pragma once

#include <cstddef>
#include <cstdint>

namespace asrbench::kernels {

enum class Activation { kNone, kGelu };

// C = activation(residual + bias + A B), for A (rows, depth), B (depth, columns), C (rows,
// columns). Rows of A may overlap (a convolution is a product whose rows start less than `depth`
// apart). `residual` may be `c` itself.
struct Gemm {
  const float* a;
  std::size_t a_stride;
  const float* panels;  // B as pack() laid it out, from a panel's first column on
  float* c;
  std::size_t c_stride;
  std::size_t rows;
  std::size_t columns;
  std::size_t depth;                // at least 1
  const float* bias = nullptr;      // (columns)
  const float* residual = nullptr;  // (rows, columns)
  std::size_t residual_stride = 0;
  Activation activation = Activation::kNone;
};

// y[r] = activation(residual[r] + bias[r] + sum over k of w[r, k] x[k]), for W (rows, depth).
template <class Weight>
struct Gemv {
  const Weight* w;
  std::size_t w_stride;
  const float* x;
  float* y;
  std::size_t rows;
  std::size_t depth;
  const float* bias = nullptr;      // (rows)
  const float* residual = nullptr;  // (rows); may be `y` itself
  Activation activation = Activation::kNone;
};

// C = activation(residual + bias + a_scale[r] b_scale[c] (A B)) for integers A (rows, depth) and B
// (depth, columns): the sums are exact, whatever the instruction set. `Left` is std::int16_t, or
// std::uint8_t for values that were moved up by `offset` to be positive.
template <class Left>
struct IntGemm {
  const Left* a;  // as quantise() wrote it: its rows are `depth` padded to whole groups of four
  std::size_t a_stride;
  const float* a_scale;        // (rows)
  const std::int8_t* panels;   // B as pack_ints() laid it out, from a panel's first column on
  const float* b_scale;        // (columns)
  const std::int32_t* b_sums;  // (columns) of B: what `offset` adds is taken off again
  std::int32_t offset;         // 0 for std::int16_t
  float* c;
  std::size_t c_stride;
  std::size_t rows;
  std::size_t columns;
  std::size_t depth;                // at least 1
  const float* bias = nullptr;      // (columns)
  const float* residual = nullptr;  // (rows, columns); may be `c` itself
  std::size_t residual_stride = 0;
  Activation activation = Activation::kNone;
};

// A group of B's values that lie side by side: four of a column, in this order of their depth. The
// even and the odd bytes are then two pairs of neighbours.
inline constexpr std::size_t kGroup = 4;
inline constexpr std::size_t kGroupOrder[kGroup] = {0, 2, 1, 3};

struct Kernels {
  const char* isa;
  std::size_t panel;  // columns of B side by side in a packed panel
  std::size_t tile;   // rows of A that are multiplied together: row blocks are multiples of it

  void (*gemm)(const Gemm&);
  void (*gemv)(const Gemv<float>&);
  void (*gemv_half)(const Gemv<std::uint16_t>&);  // IEEE half-precision weights, float32 sums

  // y = (x - mean) / sqrt(variance + epsilon) * gamma + beta over n values.
  void (*layer_norm)(const float* x, const float* gamma, const float* beta, float epsilon, float* y,
                     std::size_t n);
  // x = exp(scale (x - max x)) / sum, in place over n >= 1 values; scale > 0.
  void (*softmax)(float* x, float scale, std::size_t n);
  // y[c] = sum over r of p[r] v[r, c], for V (rows, columns).
  void (*weighted_sum)(const float* p, const float* v, std::size_t v_stride, float* y,
                       std::size_t rows, std::size_t columns);
  // sum over i of exp(x[i] - shift).
  float (*sum_exp)(const float* x, float shift, std::size_t n);
  // The exact (erf) GELU in place.
  void (*gelu)(float* x, std::size_t n);
  // The largest of n >= 1 values.
  float (*max)(const float* x, std::size_t n);

  void (*gemm_int16)(const IntGemm<std::int16_t>&);
  void (*gemm_int8)(const IntGemm<std::uint8_t>&);

  // q[i] = round(x[i] / scale) with |q| <= levels, zeros up to a whole group; returns the scale,
  // the largest |x| / levels. Where a value is not finite, the scale is NaN and q is 0.
  float (*quantise_int16)(const float* x, std::size_t n, std::int32_t levels, std::int16_t* q);
  // The same with |q| <= int8_levels, moved up by int8_offset, in kGroupOrder.
  float (*quantise_int8)(const float* x, std::size_t n, std::uint8_t* q);
  std::int32_t int8_levels;  // 63 where the product of two pairs must fit 16 bits, else 127
  std::int32_t int8_offset;

  // q[i] = round(levels weight[i] exp(scale (x[i] - max x))), zeros up to a whole group, for
  // weights of at most 1; returns the sum of the exponentials. `x` is overwritten.
  float (*softmax_int16)(float* x, float scale, const float* weight, float levels, std::size_t n,
                         std::int16_t* q);

  // Rounds of the innermost loop of each product without its loads: what no product can exceed.
  // Each returns the multiplications and additions it made.
  double (*peak_float32)(std::size_t rounds);
  double (*peak_int16)(std::size_t rounds);
  double (*peak_int8)(std::size_t rounds);
};

// The table of an instruction set, or null where it was not compiled in or the processor lacks it.
[[nodiscard]] const Kernels* generic();
[[nodiscard]] const Kernels* avx2();
[[nodiscard]] const Kernels* avx512();
[[nodiscard]] const Kernels* avx512vnni();
[[nodiscard]] const Kernels* neon();

}  // namespace asrbench::kernels
