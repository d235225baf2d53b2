// The row functions over W, a vector of 16-bit integers; included once for each instruction set.
//
// Whoever includes it defines W and gray() in an anonymous namespace. Nothing of std is called: a
// function compiled here for a newer processor must not be the copy that the linker keeps.

// Calls write(to, x) for every whole vector of n values, and once more for the rest into a place of
// its own, of which only the rest is copied: nothing behind out[n - 1] is written.
template <class Value, class Write>
inline void each_vector(Value* out, std::size_t n, const Write& write) {
  std::size_t x = 0;
  for (; x + W::kLanes <= n; x += W::kLanes) write(out + x, x);
  if (x == n) return;
  Value last[W::kLanes];
  write(last, x);
  __builtin_memcpy(out + x, last, (n - x) * sizeof(Value));
}

// a + 4 b + 6 c + 4 d + e
inline W one_four_six(W a, W b, W c, W d, W e) {
  const W inner = W::shift_left<2>(W::add(W::add(b, d), c));
  return W::add(W::add(W::add(a, e), W::shift_left<1>(c)), inner);
}

void blur_down(const Byte* const* rows, std::uint16_t* sums, std::size_t n) {
  const Byte *a = rows[0], *b = rows[1], *c = rows[2], *d = rows[3], *e = rows[4];
  for (std::size_t x = 0; x < n; x += W::kLanes) {
    W::store(sums + x, one_four_six(W::widen(a + x), W::widen(b + x), W::widen(c + x),
                                    W::widen(d + x), W::widen(e + x)));
  }
}

void blur_across(const std::uint16_t* sums, Byte* out, std::size_t n) {
  const W half = W::set(128);
  each_vector(out, n, [=](Byte* to, std::size_t x) {
    const std::uint16_t* s = sums + x;
    const W sum =
        one_four_six(W::load(s - 2), W::load(s - 1), W::load(s), W::load(s + 1), W::load(s + 2));
    W::store_bytes(to, W::shift_right<8>(W::add(sum, half)));
  });
}

void sobel_down(const Byte* const* rows, std::uint16_t* smooth, std::uint16_t* slope,
                std::size_t n) {
  const Byte *upper = rows[0], *own = rows[1], *lower = rows[2];
  for (std::size_t x = 0; x < n; x += W::kLanes) {
    const W a = W::widen(upper + x);
    const W c = W::widen(lower + x);
    W::store(smooth + x, W::add(W::add(a, c), W::shift_left<1>(W::widen(own + x))));
    W::store(slope + x, W::sub(c, a));
  }
}

inline W across(const std::uint16_t* smooth) {  // dx, in [-1020, 1020]
  return W::sub(W::load(smooth + 1), W::load(smooth - 1));
}

inline W along(const std::uint16_t* slope) {  // dy, likewise
  return W::add(W::add(W::load(slope - 1), W::load(slope + 1)), W::shift_left<1>(W::load(slope)));
}

void sobel_l1(const std::uint16_t* smooth, const std::uint16_t* slope, Byte* out, std::size_t n) {
  each_vector(out, n, [=](Byte* to, std::size_t x) {
    W::store_bytes(to, W::add(W::abs(across(smooth + x)), W::abs(along(slope + x))));
  });
}

// The sum of squares is an integer below 2^21: exact in float32, and so its root is rounded once.
void sobel_l2(const std::uint16_t* smooth, const std::uint16_t* slope, float* out, std::size_t n) {
  each_vector(out, n, [=](float* to, std::size_t x) {
    W::store_lengths(to, across(smooth + x), along(slope + x));
  });
}

void mix(const Byte* upper, const Byte* lower, std::uint16_t upper_weight,
         std::uint16_t lower_weight, std::uint16_t* out, std::size_t n) {
  for (std::size_t x = 0; x < n; ++x) {
    out[x] = static_cast<std::uint16_t>(upper[x] * upper_weight + lower[x] * lower_weight);
  }
}

void normalise(const Byte* bgr, float* const* planes, const float* mean, const float* scale,
               std::size_t n) {
  float *b = planes[0], *g = planes[1], *r = planes[2];
  const float b_mean = mean[0], g_mean = mean[1], r_mean = mean[2];
  const float b_scale = scale[0], g_scale = scale[1], r_scale = scale[2];
  for (std::size_t x = 0; x < n; ++x) {
    b[x] = (static_cast<float>(bgr[kBgr * x]) - b_mean) * b_scale;
    g[x] = (static_cast<float>(bgr[kBgr * x + 1]) - g_mean) * g_scale;
    r[x] = (static_cast<float>(bgr[kBgr * x + 2]) - r_mean) * r_scale;
  }
}

constexpr Rows table(const char* isa) {
  return {isa,       &gray,     &blur_down, &blur_across, &sobel_down,
          &sobel_l1, &sobel_l2, &mix,       &normalise};
}
