// The kernels on integers, written once over vector types; a part of each instruction set's file.
//
// Included behind body.hpp and float_rows.hpp. Before it, the including file defines `I`, a vector
// of V::kLanes 32-bit integers, and `Dot`, its products: dot_int16 adds a pair of 16-bit products
// to each lane, dot_int8 four products of unsigned and signed bytes; kLevels says how large a byte
// may be.

// `grouped` of packing.hpp counts so too: what is compiled for an instruction set has a function of
// its own, since the linker keeps one copy of a shared one.
inline constexpr std::size_t groups_of(std::size_t n) { return (n + kGroup - 1) / kGroup; }

// R rows of C by one panel.
template <std::size_t R, class Left>
void multiply_int_tile(const IntGemm<Left>& g, std::size_t row, std::size_t column) {
  constexpr std::size_t kParts = sizeof(Left) == 1 ? 1 : 2;  // vectors a vector of B becomes
  const std::size_t groups = groups_of(g.depth);
  const std::int8_t* b = g.panels + column * groups * kGroup;
  const Left* a = g.a + row * g.a_stride;
  I sum[R][kVectors];
  for (std::size_t i = 0; i < R; ++i) {
    for (std::size_t j = 0; j < kVectors; ++j) sum[i][j] = I::zero();
  }
  for (std::size_t group = 0; group < groups; ++group, b += kPanel * kGroup, a += kGroup) {
    I right[kVectors * kParts];
#pragma GCC unroll 4
    for (std::size_t j = 0; j < kVectors; ++j) {
      const I bytes = I::load(b + j * V::kLanes * kGroup);
      if constexpr (kParts == 1) {
        right[j] = bytes;
      } else {
        right[2 * j] = I::even(bytes);
        right[2 * j + 1] = I::odd(bytes);
      }
    }
#pragma GCC unroll 16
    for (std::size_t i = 0; i < R; ++i) {
      const Left* const left = a + i * g.a_stride;
#pragma GCC unroll 4
      for (std::size_t j = 0; j < kVectors; ++j) {
        if constexpr (kParts == 1) {
          sum[i][j] = Dot::dot_int8(sum[i][j], I::four_bytes(left), right[j]);
        } else {
          sum[i][j] = Dot::dot_int16(sum[i][j], I::four_bytes(left), right[2 * j]);
          sum[i][j] = Dot::dot_int16(sum[i][j], I::four_bytes(left + 2), right[2 * j + 1]);
        }
      }
    }
  }
  const std::size_t width = smaller(kPanel, g.columns - column);
  for (std::size_t j = 0; j < kVectors && j * V::kLanes < width; ++j) {
    const std::size_t at = column + j * V::kLanes;
    const std::size_t n = smaller(V::kLanes, g.columns - at);
    const auto part = [&](const float* p) { return n == V::kLanes ? V::load(p) : load_some(p, n); };
    const V b_scale = part(g.b_scale + at);
    const V bias = g.bias ? part(g.bias + at) : V::zero();
    I moved = I::zero();
    if constexpr (sizeof(Left) == 1) {
      std::int32_t sums[V::kLanes] = {};
      for (std::size_t i = 0; i < n; ++i) sums[i] = g.b_sums[at + i] * g.offset;
      moved = I::load(sums);
    }
    for (std::size_t i = 0; i < R; ++i) {
      const I exact = sizeof(Left) == 1 ? I::sub(sum[i][j], moved) : sum[i][j];
      V result = V::mul(I::floats(exact), V::mul(V::set(g.a_scale[row + i]), b_scale));
      if (g.bias) result = V::add(result, bias);
      if (g.residual) {
        result = V::add(result, part(g.residual + (row + i) * g.residual_stride + at));
      }
      result = activate(result, g.activation);
      float* const c = g.c + (row + i) * g.c_stride + at;
      if (n == V::kLanes) {
        V::store(c, result);
      } else {
        store_some(c, result, n);
      }
    }
  }
}

template <std::size_t R, class Left>
void multiply_int_rest(const IntGemm<Left>& g, std::size_t row, std::size_t column) {
  if constexpr (R > 0) {
    if (g.rows - row == R) {
      multiply_int_tile<R>(g, row, column);
    } else {
      multiply_int_rest<R - 1>(g, row, column);
    }
  }
}

template <class Left>
void gemm_int(const IntGemm<Left>& g) {
  for (std::size_t column = 0; column < g.columns; column += kPanel) {
    std::size_t row = 0;
    for (; row + kTile <= g.rows; row += kTile) multiply_int_tile<kTile>(g, row, column);
    multiply_int_rest<kTile - 1>(g, row, column);
  }
}

template <class Left>
double peak_int(std::size_t rounds) {
  constexpr bool kBytes = sizeof(Left) == 1;
  I sum[kTile][kVectors];
  I right[kVectors];
  for (auto& row : sum) {
    for (I& v : row) v = I::zero();
  }
  const std::int32_t one = 1;
  for (I& v : right) v = I::four_bytes(&one);
  I left = I::four_bytes(&one);
  for (std::size_t round = 0; round < rounds; ++round) {
#pragma GCC unroll 4
    for (std::size_t j = 0; j < kVectors; ++j) {
      I::hide(right[j]);
      const I even = kBytes ? right[j] : I::even(right[j]);
      const I odd = kBytes ? right[j] : I::odd(right[j]);
#pragma GCC unroll 16
      for (std::size_t i = 0; i < kTile; ++i) {
        I::hide(left);  // or rows would share their products
        if constexpr (kBytes) {
          sum[i][j] = Dot::dot_int8(sum[i][j], left, even);
        } else {
          sum[i][j] = Dot::dot_int16(sum[i][j], left, even);
          sum[i][j] = Dot::dot_int16(sum[i][j], left, odd);
        }
      }
    }
  }
  for (auto& row : sum) {
    for (I& v : row) I::hide(v);
  }
  return 2.0 * static_cast<double>(rounds * kTile * kPanel * kGroup);
}

// --- floats to integers --------------------------------------------------------------------------

constexpr float kSilence = 1e-30F;  // levels divided by less would not be finite

// The largest |x|, or NaN where a value is not finite.
inline float reach_of(const float* x, std::size_t n) {
  V high = V::zero();
  V low = V::zero();
  V trace = V::zero();  // 0 times a value is 0, unless that is not finite
  std::size_t i = 0;
  const auto look = [&](V v) {
    high = V::max(high, v);
    low = V::min(low, v);
    trace = V::add(trace, V::mul(v, V::zero()));
  };
  for (; i + V::kLanes <= n; i += V::kLanes) look(V::load(x + i));
  if (i < n) look(load_some(x + i, n - i));
  return V::max_lane(V::max(high, V::sub(V::zero(), low))) + V::sum(trace);
}

float quantise_int16(const float* x, std::size_t n, std::int32_t levels, std::int16_t* q) {
  const float reach = reach_of(x, n);
  const std::size_t padded = groups_of(n) * kGroup;
  if (!(reach > kSilence)) {
    for (std::size_t i = 0; i < padded; ++i) q[i] = 0;
    return 0.0F * reach;  // 0, or NaN
  }
  const V inverse = V::set(static_cast<float>(levels) / reach);
  std::size_t i = 0;
  for (; i + V::kLanes <= n; i += V::kLanes) {
    I::store_int16(q + i, V::round(V::mul(V::load(x + i), inverse)));
  }
  if (i < n) {
    std::int16_t last[V::kLanes];
    I::store_int16(last, V::round(V::mul(load_some(x + i, n - i), inverse)));
    for (std::size_t k = 0; k < padded - i; ++k) q[i + k] = last[k];
  }
  return reach / static_cast<float>(levels);
}

float quantise_int8(const float* x, std::size_t n, std::uint8_t* q) {
  constexpr std::size_t kBlock = 64;  // values that are rounded, then put in order
  const float reach = reach_of(x, n);
  const std::size_t padded = groups_of(n) * kGroup;
  if (!(reach > kSilence)) {
    for (std::size_t i = 0; i < padded; ++i) q[i] = static_cast<std::uint8_t>(Dot::kLevels + 1);
    return 0.0F * reach;
  }
  const V inverse = V::set(static_cast<float>(Dot::kLevels) / reach);
  const V offset = V::set(static_cast<float>(Dot::kLevels + 1));
  for (std::size_t first = 0; first < n; first += kBlock) {
    std::int16_t block[kBlock];
    for (std::size_t i = 0; i < kBlock; i += V::kLanes) {
      const std::size_t at = first + i;
      const V v = at + V::kLanes <= n ? V::load(x + at)
                  : at < n            ? load_some(x + at, n - at)
                                      : V::zero();
      I::store_int16(block + i, V::add(V::round(V::mul(v, inverse)), offset));
    }
    const std::size_t count = smaller(kBlock, padded - first);
    for (std::size_t i = 0; i < count; i += kGroup) {
      for (std::size_t k = 0; k < kGroup; ++k) {
        q[first + i + k] = static_cast<std::uint8_t>(block[i + kGroupOrder[k]]);
      }
    }
  }
  return reach / static_cast<float>(Dot::kLevels);
}

float softmax_int16(float* x, float scale, const float* weight, float levels, std::size_t n,
                    std::int16_t* q) {
  const V s = V::set(scale);
  const V shift = V::set(max_of(x, n));
  const V l = V::set(levels);
  V total = V::zero();
  std::size_t i = 0;
  for (; i + V::kLanes <= n; i += V::kLanes) {
    const V e = exp(V::mul(s, V::sub(V::load(x + i), shift)));
    total = V::add(total, e);
    I::store_int16(q + i, V::round(V::mul(V::mul(e, V::load(weight + i)), l)));
  }
  float sum = V::sum(total);
  if (i < n) {
    float e[V::kLanes];
    std::int16_t last[V::kLanes];
    const V v = exp(V::mul(s, V::sub(load_some(x + i, n - i), shift)));
    V::store(e, v);
    for (std::size_t k = 0; k < n - i; ++k) sum += e[k];
    I::store_int16(last, V::round(V::mul(V::mul(v, load_some(weight + i, n - i)), l)));
    for (std::size_t k = 0; k < groups_of(n) * kGroup - i; ++k)
      q[i + k] = k < n - i ? last[k] : std::int16_t{0};
  }
  return sum;
}

constexpr Kernels table(const char* isa) {
  Kernels kernels = float_table(isa);
  kernels.gemm_int16 = gemm_int<std::int16_t>;
  kernels.gemm_int8 = gemm_int<std::uint8_t>;
  kernels.quantise_int16 = quantise_int16;
  kernels.quantise_int8 = quantise_int8;
  kernels.int8_levels = Dot::kLevels;
  kernels.int8_offset = Dot::kLevels + 1;
  kernels.softmax_int16 = softmax_int16;
  kernels.peak_int16 = peak_int<std::int16_t>;
  kernels.peak_int8 = peak_int<std::uint8_t>;
  return kernels;
}
