// A path's payoff and Greeks, and their sums over many; a body as vectors.hpp is.
//
// b[i] is a Brownian path at date i + 1 in units of a step: its steps are standard normal. Greeks
// of European and Asian options are pathwise, gamma with the likelihood ratio of the first step;
// those of barrier options, whose payoff jumps, are all by likelihood ratios (P. Glasserman, "Monte
// Carlo Methods in Financial Engineering", 2004, ch. 7).

template <class R>
struct Constants {
  using V = typename R::V;
  double sign, drift, noise, root;  // root: of a step's length in years
  V strike, share;                  // share: one over the dates

  explicit Constants(const Plan& p)
      : sign(p.contract.right == Right::kCall ? 1 : -1),
        drift(p.drift),
        noise(p.noise),
        root(p.noise / p.contract.volatility),
        strike(set<R>(p.strike)),
        share(set<R>(1.0 / static_cast<double>(p.contract.steps))) {}
};

template <class R>
[[gnu::always_inline]] inline typename R::V payoff(const Constants<R>& c, typename R::V price) {
  return max(set<R>(c.sign) * (price - c.strike), set<R>(0));
}

// What European and Asian options need of a path: sums over its dates.
template <class V>
struct Dates {
  V price;    // of prices
  V by_b;     // of price times the Brownian path
  V by_date;  // of price times the date
};

template <class R, Kind kKind, bool kGreeks>
[[gnu::always_inline]] inline void smooth(const Plan& p, const Constants<R>& c,
                                          const Dates<typename R::V>& dates,
                                          typename R::V geometric, typename R::V first, double way,
                                          typename R::V* out) {
  using V = typename R::V;
  const V mean = kKind == Kind::kEuropean ? dates.price : dates.price * c.share;
  const V y = payoff<R>(c, mean);
  out[0] = kKind == Kind::kAsian ? y - payoff<R>(c, geometric) : y;
  if constexpr (kGreeks) {
    const Contract& k = p.contract;
    const double step = k.years / static_cast<double>(k.steps);
    const V in = y > set<R>(0) ? set<R>(c.sign) : set<R>(0);
    const V b_term = in * dates.by_b * c.share * set<R>(way * c.root);
    const V date_term = in * dates.by_date * c.share * set<R>(step);
    out[1] = in * mean;
    out[2] = in * c.strike * first * set<R>(way / (k.volatility * c.root));
    out[3] = fma(set<R>(-k.volatility), date_term, b_term);
    out[4] = fma(set<R>(-k.years), y, date_term);
    out[5] = set<R>(k.rate) * y - set<R>(c.drift / step / k.years) * date_term -
             set<R>(k.volatility / (2 * k.years)) * b_term;
  }
}

// European and Asian options: a path and the mirrored one. The mirrored price is the square of the
// price without noise over the price, which spares an exponential.
template <class R, Kind kKind, bool kGreeks>
[[gnu::always_inline]] inline void smooth_pair(const Plan& p, const Constants<R>& c,
                                               const typename R::V* b, typename R::V* out,
                                               typename R::V* mirrored) {
  using V = typename R::V;
  const std::size_t steps = kKind == Kind::kEuropean ? 1 : p.contract.steps;
  const V none = set<R>(0);
  Dates<V> up{none, none, none};
  Dates<V> down = up;
  V sum_b = none;
  for (std::size_t i = 0; i < steps; ++i) {
    const double date = static_cast<double>(i + 1);
    const V noise = exp(set<R>(c.noise) * b[i]);
    const V still = set<R>(p.still[i]);
    const V s = still * noise;
    const V t = still / noise;
    up.price += s;
    down.price += t;
    if constexpr (kKind == Kind::kAsian) sum_b += b[i];
    if constexpr (kGreeks) {
      up.by_b = fma(s, b[i], up.by_b);
      up.by_date = fma(s, set<R>(date), up.by_date);
      down.by_b = fma(t, b[i], down.by_b);
      down.by_date = fma(t, set<R>(date), down.by_date);
    }
  }
  V geometric = none;
  V other = none;
  if constexpr (kKind == Kind::kAsian) {
    const V noise = exp(set<R>(c.noise) * sum_b * c.share);
    const V still = set<R>(p.still_mean);
    geometric = still * noise;
    other = still / noise;
  }
  smooth<R, kKind, kGreeks>(p, c, up, geometric, b[0], 1, out);
  smooth<R, kKind, kGreeks>(p, c, down, other, b[0], -1, mirrored);
}

template <class R, bool kGreeks>
inline void barrier(const Plan& p, const Constants<R>& c, const typename R::V* b, double way,
                    typename R::V* out) {
  using V = typename R::V;
  const Contract& k = p.contract;
  const bool up = k.knock == Knock::kUpAndOut || k.knock == Knock::kUpAndIn;
  const bool knocked_out = k.knock == Knock::kUpAndOut || k.knock == Knock::kDownAndOut;
  const double side = up ? 1 : -1;  // the highest, or the lowest turned round
  const V noise = set<R>(side * way * c.noise);
  V x = set<R>(0);
  V highest = set<R>(-1e30);
  V squares = x;
  V before = x;
  for (std::size_t i = 0; i < k.steps; ++i) {
    x = fma(noise, b[i], set<R>(side * c.drift * static_cast<double>(i + 1)));
    highest = max(highest, x);
    if constexpr (kGreeks) {
      const V z = b[i] - before;
      squares = fma(z, z, squares);
      before = b[i];
    }
  }
  const V last = payoff<R>(c, exp(set<R>(side) * x));
  const auto hit = highest >= set<R>(side * p.log_barrier);
  const V y = knocked_out ? (hit ? set<R>(0) : last) : (hit ? last : set<R>(0));
  out[0] = y;
  if constexpr (kGreeks) {
    const double n = static_cast<double>(k.steps);
    const V first = b[0] * set<R>(way / (k.volatility * c.root));
    const V end = b[k.steps - 1] * set<R>(way * c.root);  // in years
    const V over = squares - set<R>(n);
    const double v = c.noise * c.noise;
    out[1] = y * first;
    out[2] = y * (first * first - set<R>(1 / v) - first);
    out[3] = y * (over * set<R>(1 / k.volatility) - end);
    out[4] = y * (end * set<R>(1 / k.volatility) - set<R>(k.years));
    const double slope = c.drift * n / (k.years * k.years * k.volatility);
    out[5] = y * (set<R>(k.rate) - over * set<R>(1 / (2 * k.years)) - end * set<R>(slope));
  }
}

struct Tally {
  Doubles sum[kOutputs] = {};
  Doubles square[kOutputs] = {};

  void add(std::size_t i, Doubles y) {
    sum[i] += y;
    square[i] = fma(y, y, square[i]);
  }
  void add(std::size_t i, Floats y) {
    HalfFloats halves[2];
    __builtin_memcpy(halves, &y, sizeof y);
    for (const HalfFloats half : halves) add(i, __builtin_convertvector(half, Doubles));
  }
};

// Adds the means of pairs, a path and its mirrored one: of those whose place in the part,
// index[lane], is below `left`.
template <class R, Kind kKind, bool kGreeks>
[[gnu::always_inline]] inline void account(const Plan& p, const Constants<R>& c,
                                           const typename R::V* b, typename R::Bits index,
                                           std::size_t left, Tally& tally) {
  using V = typename R::V;
  constexpr std::size_t kCount = kGreeks ? kOutputs : 1;
  V out[kCount];
  V mirrored[kCount];
  if constexpr (kKind == Kind::kBarrier) {
    barrier<R, kGreeks>(p, c, b, 1, out);
    barrier<R, kGreeks>(p, c, b, -1, mirrored);
  } else {
    smooth_pair<R, kKind, kGreeks>(p, c, b, out, mirrored);
  }
  for (std::size_t i = 0; i < kCount; ++i) out[i] = set<R>(0.5) * (out[i] + mirrored[i]);
  if (left < R::kLanes * R::kNormals) {  // perhaps some lanes are beyond the end
    const auto inside = index < static_cast<typename R::Word>(left);
    for (V& y : out) y = inside ? y : set<R>(0);
  }
  for (std::size_t i = 0; i < kCount; ++i) tally.add(i, out[i]);
}
