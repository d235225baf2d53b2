// The kernels, written once over a vector type; each instruction set includes this file.
//
// Before it, the including file defines in its anonymous namespace: `V`, a vector of V::kLanes
// floats with the operations used below; kTile, the rows of A in registers at once; kVectors, the
// vectors that make a panel. Everything here stays in that anonymous namespace and calls nothing
// from std: a shared function compiled for a newer processor could be the copy the linker keeps.
// No include guard: it is a body, not a header.

constexpr std::size_t kPanel = kVectors * V::kLanes;
constexpr std::size_t kDepthBlock = 256;  // of a panel: 16 to 32 KB, the share of B kept in L1

inline std::size_t smaller(std::size_t a, std::size_t b) { return a < b ? a : b; }

// The first n (< kLanes) values, zeros behind them.
inline V load_some(const float* p, std::size_t n) {
  float some[V::kLanes] = {};
  for (std::size_t i = 0; i < n; ++i) some[i] = p[i];
  return V::load(some);
}
inline V load_some(const std::uint16_t* p, std::size_t n) {
  std::uint16_t some[V::kLanes] = {};
  for (std::size_t i = 0; i < n; ++i) some[i] = p[i];
  return V::load(some);
}
inline void store_some(float* p, V v, std::size_t n) {
  float some[V::kLanes];
  V::store(some, v);
  for (std::size_t i = 0; i < n; ++i) p[i] = some[i];
}

// exp(x): x = n ln 2 + r, then the Taylor polynomial of degree 6 on |r| <= ln 2 / 2, whose error is
// below r^7/7! = 1.2e-7. The result is exact 0 nowhere; below -87 it stays at exp(-87).
inline V exp(V x) {
  x = V::max(V::min(x, V::set(88.0F)), V::set(-87.0F));
  const V n = V::round(V::mul(x, V::set(1.44269504F)));
  V r = V::fma(n, V::set(-0.693359375F), x);  // ln 2 in two parts: the first has few bits
  r = V::fma(n, V::set(2.12194440e-4F), r);
  V p = V::set(1.0F / 720);
  p = V::fma(p, r, V::set(1.0F / 120));
  p = V::fma(p, r, V::set(1.0F / 24));
  p = V::fma(p, r, V::set(1.0F / 6));
  p = V::fma(p, r, V::set(0.5F));
  p = V::fma(p, r, V::set(1.0F));
  p = V::fma(p, r, V::set(1.0F));
  return V::mul(p, V::power_of_two(n));
}

// x (1 + erf(x / sqrt 2)) / 2, with erf(t / sqrt 2) = t P(t^2) / Q(t^2): a least-maximum fit over
// |t| <= 5.6 (its error 1.9e-8), where float32 erf has become 1. Error of the result below 2e-6.
inline V gelu(V x) {
  const V bound = V::set(5.6F);
  const V t = V::max(V::min(x, bound), V::sub(V::zero(), bound));
  const V u = V::mul(t, t);
  V p = V::set(4.42866934e-8F);
  p = V::fma(p, u, V::set(1.27112617e-5F));
  p = V::fma(p, u, V::set(3.4763469e-4F));
  p = V::fma(p, u, V::set(9.41411406e-3F));
  p = V::fma(p, u, V::set(6.87471554e-2F));
  p = V::fma(p, u, V::set(0.797884464F));
  V q = V::set(1.18008597e-6F);
  q = V::fma(q, u, V::set(7.50875261e-5F));
  q = V::fma(q, u, V::set(1.91279722e-3F));
  q = V::fma(q, u, V::set(2.8938517e-2F));
  q = V::fma(q, u, V::set(0.252827495F));
  q = V::fma(q, u, V::set(1.0F));
  const V erf = V::div(V::mul(t, p), q);
  const V half = V::mul(V::set(0.5F), V::max(x, V::sub(V::zero(), bound)));
  return V::fma(half, erf, half);
}

inline V activate(V x, Activation activation) {
  return activation == Activation::kGelu ? gelu(x) : x;
}

// --- matrix times matrix -------------------------------------------------------------------------

// R rows of C by one panel, over the depth [k0, k1). Partial sums wait in C between depth blocks.
template <std::size_t R>
void multiply_tile(const Gemm& g, std::size_t row, std::size_t column, std::size_t k0,
                   std::size_t k1) {
  const std::size_t width = smaller(kPanel, g.columns - column);
  float* const c = g.c + row * g.c_stride + column;
  V sum[R][kVectors];
  const auto part = [&](const float* p, std::size_t j) {  // vector j of a row of this panel
    const std::size_t at = j * V::kLanes;
    if (at + V::kLanes <= width) return V::load(p + at);
    return at < width ? load_some(p + at, width - at) : V::zero();
  };
  for (std::size_t j = 0; j < kVectors; ++j) {
    const V bias = k0 == 0 && g.bias ? part(g.bias + column, j) : V::zero();
    for (std::size_t i = 0; i < R; ++i) {
      if (k0 > 0) {
        sum[i][j] = part(c + i * g.c_stride, j);
      } else if (g.residual) {
        sum[i][j] = V::add(bias, part(g.residual + (row + i) * g.residual_stride + column, j));
      } else {
        sum[i][j] = bias;
      }
    }
  }
  const float* b = g.panels + column * g.depth + k0 * kPanel;
  const float* a = g.a + row * g.a_stride + k0;
  for (std::size_t k = k0; k < k1; ++k, b += kPanel, ++a) {
    V right[kVectors];
#pragma GCC unroll 4
    for (std::size_t j = 0; j < kVectors; ++j) right[j] = V::load(b + j * V::kLanes);
#pragma GCC unroll 16
    for (std::size_t i = 0; i < R; ++i) {
      const V left = V::set(a[i * g.a_stride]);
#pragma GCC unroll 4
      for (std::size_t j = 0; j < kVectors; ++j) sum[i][j] = V::fma(left, right[j], sum[i][j]);
    }
  }
  const Activation activation = k1 == g.depth ? g.activation : Activation::kNone;
  for (std::size_t i = 0; i < R; ++i) {
    for (std::size_t j = 0; j < kVectors; ++j) {
      const std::size_t at = j * V::kLanes;
      const V result = activate(sum[i][j], activation);
      if (at + V::kLanes <= width) {
        V::store(c + i * g.c_stride + at, result);
      } else if (at < width) {
        store_some(c + i * g.c_stride + at, result, width - at);
      }
    }
  }
}

// The rows that are left over below the last full tile.
template <std::size_t R>
void multiply_rest(const Gemm& g, std::size_t row, std::size_t column, std::size_t k0,
                   std::size_t k1) {
  if constexpr (R > 0) {
    if (g.rows - row == R) {
      multiply_tile<R>(g, row, column, k0, k1);
    } else {
      multiply_rest<R - 1>(g, row, column, k0, k1);
    }
  }
}

void gemm(const Gemm& g) {
  for (std::size_t k0 = 0; k0 < g.depth; k0 += kDepthBlock) {
    const std::size_t k1 = smaller(k0 + kDepthBlock, g.depth);
    for (std::size_t column = 0; column < g.columns; column += kPanel) {
      std::size_t row = 0;
      for (; row + kTile <= g.rows; row += kTile) multiply_tile<kTile>(g, row, column, k0, k1);
      multiply_rest<kTile - 1>(g, row, column, k0, k1);
    }
  }
}

double peak_float32(std::size_t rounds) {
  V sum[kTile][kVectors];
  V right[kVectors];
  for (auto& row : sum) {
    for (V& v : row) v = V::zero();
  }
  for (V& v : right) v = V::set(1.0F);
  V left = V::set(1e-9F);
  for (std::size_t round = 0; round < rounds; ++round) {
    V::hide(left);  // or the compiler would sum once and multiply by the rounds
#pragma GCC unroll 16
    for (std::size_t i = 0; i < kTile; ++i) {
#pragma GCC unroll 4
      for (std::size_t j = 0; j < kVectors; ++j) sum[i][j] = V::fma(left, right[j], sum[i][j]);
    }
  }
  for (auto& row : sum) {
    for (V& v : row) V::hide(v);
  }
  return 2.0 * static_cast<double>(rounds * kTile * kPanel);
}

// --- matrix times vector -------------------------------------------------------------------------

constexpr std::size_t kAhead = 8192;  // bytes of W asked for before they are needed

// R rows at once; a row's sum is made in the same order whichever rows are beside it.
template <std::size_t R, class Weight>
void dot_rows(const Gemv<Weight>& g, std::size_t row) {
  const Weight* const w = g.w + row * g.w_stride;
  V even[R];
  V odd[R];
  for (std::size_t i = 0; i < R; ++i) even[i] = odd[i] = V::zero();
  std::size_t k = 0;
  for (; k + 2 * V::kLanes <= g.depth; k += 2 * V::kLanes) {
    const V x0 = V::load(g.x + k);
    const V x1 = V::load(g.x + k + V::kLanes);
#pragma GCC unroll 4
    for (std::size_t i = 0; i < R; ++i) {
      __builtin_prefetch(w + i * g.w_stride + k + kAhead / sizeof(Weight));
      even[i] = V::fma(x0, V::load(w + i * g.w_stride + k), even[i]);
      odd[i] = V::fma(x1, V::load(w + i * g.w_stride + k + V::kLanes), odd[i]);
    }
  }
  for (; k < g.depth; k += V::kLanes) {
    const std::size_t n = smaller(V::kLanes, g.depth - k);
    const V x = n == V::kLanes ? V::load(g.x + k) : load_some(g.x + k, n);
    for (std::size_t i = 0; i < R; ++i) {
      const Weight* const p = w + i * g.w_stride + k;
      even[i] = V::fma(x, n == V::kLanes ? V::load(p) : load_some(p, n), even[i]);
    }
  }
  for (std::size_t i = 0; i < R; ++i) {
    float sum = V::sum(V::add(even[i], odd[i]));
    if (g.bias) sum += g.bias[row + i];
    if (g.residual) sum += g.residual[row + i];
    g.y[row + i] = sum;
  }
}

void gelu_all(float* x, std::size_t n) {
  std::size_t i = 0;
  for (; i + V::kLanes <= n; i += V::kLanes) V::store(x + i, gelu(V::load(x + i)));
  if (i < n) store_some(x + i, gelu(load_some(x + i, n - i)), n - i);
}

template <class Weight>
void gemv(const Gemv<Weight>& g) {
  std::size_t row = 0;
  for (; row + 4 <= g.rows; row += 4) dot_rows<4>(g, row);
  for (; row < g.rows; ++row) dot_rows<1>(g, row);
  if (g.activation == Activation::kGelu) gelu_all(g.y, g.rows);
}

void weighted_sum(const float* p, const float* v, std::size_t v_stride, float* y, std::size_t rows,
                  std::size_t columns) {
  constexpr std::size_t kWide = 4 * V::kLanes;
  std::size_t c = 0;
  for (; c + kWide <= columns; c += kWide) {
    V sum[4] = {V::zero(), V::zero(), V::zero(), V::zero()};
    for (std::size_t r = 0; r < rows; ++r) {
      const V weight = V::set(p[r]);
      const float* const from = v + r * v_stride + c;
      for (std::size_t j = 0; j < 4; ++j) {
        sum[j] = V::fma(weight, V::load(from + j * V::kLanes), sum[j]);
      }
    }
    for (std::size_t j = 0; j < 4; ++j) V::store(y + c + j * V::kLanes, sum[j]);
  }
  for (; c < columns; c += V::kLanes) {
    const std::size_t n = smaller(V::kLanes, columns - c);
    V sum = V::zero();
    for (std::size_t r = 0; r < rows; ++r) {
      const float* const from = v + r * v_stride + c;
      sum = V::fma(V::set(p[r]), n == V::kLanes ? V::load(from) : load_some(from, n), sum);
    }
    store_some(y + c, sum, n);
  }
}

// --- rows ----------------------------------------------------------------------------------------

float max_of(const float* x, std::size_t n) {
  V best = V::set(x[0]);
  std::size_t i = 0;
  for (; i + V::kLanes <= n; i += V::kLanes) best = V::max(best, V::load(x + i));
  float result = V::max_lane(best);
  for (; i < n; ++i) result = x[i] > result ? x[i] : result;
  return result;
}

float sum_of(const float* x, std::size_t n) {
  V sum = V::zero();
  std::size_t i = 0;
  for (; i + V::kLanes <= n; i += V::kLanes) sum = V::add(sum, V::load(x + i));
  if (i < n) sum = V::add(sum, load_some(x + i, n - i));
  return V::sum(sum);
}

float sum_exp(const float* x, float shift, std::size_t n) {
  const V s = V::set(shift);
  V sum = V::zero();
  std::size_t i = 0;
  for (; i + V::kLanes <= n; i += V::kLanes) sum = V::add(sum, exp(V::sub(V::load(x + i), s)));
  float result = V::sum(sum);
  for (; i < n; ++i) {
    float one[V::kLanes];
    V::store(one, exp(V::sub(V::set(x[i]), s)));
    result += one[0];
  }
  return result;
}

void softmax(float* x, float scale, std::size_t n) {
  const V s = V::set(scale);
  const V shift = V::set(max_of(x, n));
  const auto weight = [&](V v) { return exp(V::mul(s, V::sub(v, shift))); };
  std::size_t i = 0;
  for (; i + V::kLanes <= n; i += V::kLanes) V::store(x + i, weight(V::load(x + i)));
  if (i < n) store_some(x + i, weight(load_some(x + i, n - i)), n - i);
  const V inverse = V::set(1.0F / sum_of(x, n));
  for (i = 0; i + V::kLanes <= n; i += V::kLanes) V::store(x + i, V::mul(V::load(x + i), inverse));
  if (i < n) store_some(x + i, V::mul(load_some(x + i, n - i), inverse), n - i);
}

void layer_norm(const float* x, const float* gamma, const float* beta, float epsilon, float* y,
                std::size_t n) {
  const float mean = sum_of(x, n) / static_cast<float>(n);
  const V m = V::set(mean);
  V squares = V::zero();
  std::size_t i = 0;
  for (; i + V::kLanes <= n; i += V::kLanes) {
    const V d = V::sub(V::load(x + i), m);
    squares = V::fma(d, d, squares);
  }
  float variance = V::sum(squares);
  for (; i < n; ++i) variance += (x[i] - mean) * (x[i] - mean);
  const float scale = 1.0F / V::root(variance / static_cast<float>(n) + epsilon);
  const V s = V::set(scale);
  for (i = 0; i + V::kLanes <= n; i += V::kLanes) {
    const V normal = V::mul(V::sub(V::load(x + i), m), s);
    V::store(y + i, V::fma(normal, V::load(gamma + i), V::load(beta + i)));
  }
  for (; i < n; ++i) y[i] = (x[i] - mean) * scale * gamma[i] + beta[i];
}

// What this file has; int_body.hpp adds the rest.
constexpr Kernels float_table(const char* isa) {
  Kernels kernels{};
  kernels.isa = isa;
  kernels.panel = kPanel;
  kernels.tile = kTile;
  kernels.gemm = gemm;
  kernels.gemv = gemv<float>;
  kernels.gemv_half = gemv<std::uint16_t>;
  kernels.layer_norm = layer_norm;
  kernels.softmax = softmax;
  kernels.weighted_sum = weighted_sum;
  kernels.sum_exp = sum_exp;
  kernels.gelu = gelu_all;
  kernels.max = max_of;
  kernels.peak_float32 = peak_float32;
  return kernels;
}
