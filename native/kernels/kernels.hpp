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
};

// The table of an instruction set, or null where it was not compiled in or the processor lacks it.
[[nodiscard]] const Kernels* generic();
[[nodiscard]] const Kernels* avx2();
[[nodiscard]] const Kernels* avx512();
[[nodiscard]] const Kernels* neon();

}  // namespace asrbench::kernels
