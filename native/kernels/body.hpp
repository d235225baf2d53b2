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
  x = V::max(V::set(-87.0F), V::min(V::set(88.0F), x));  // in this order a NaN stays one
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
  const V t = V::max(V::sub(V::zero(), bound), V::min(bound, x));  // a NaN stays one
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
  const V half = V::mul(V::set(0.5F), V::max(V::sub(V::zero(), bound), x));
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
