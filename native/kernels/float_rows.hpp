// Products with one row, and what is done to rows: norms, softmax, sums; a part of each instruction
// set's file, included behind body.hpp.

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
