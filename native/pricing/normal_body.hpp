// exp, log and the inverse of the normal distribution over vectors; a body as vectors.hpp is.
//
// What a deviate needs is a long row of products, each waiting for the last: so several vectors
// take each step together, in arrays.

// p(x) = (... (c[0] x + c[1]) x + ...) x + c[N - 1]
template <class R, std::size_t N>
[[gnu::always_inline]] inline typename R::V polynomial(const double (&c)[N], typename R::V x) {
  typename R::V p = set<R>(c[0]);
#pragma GCC unroll 32
  for (std::size_t i = 1; i < N; ++i) p = fma(p, x, set<R>(c[i]));
  return p;
}

// The same for each of N vectors.
template <class R, std::size_t N, std::size_t C>
[[gnu::always_inline]] inline void polynomials(const double (&c)[C], const typename R::V (&x)[N],
                                               typename R::V (&p)[N]) {
  for (std::size_t j = 0; j < N; ++j) p[j] = set<R>(c[0]);
#pragma GCC unroll 32
  for (std::size_t i = 1; i < C; ++i) {
#pragma GCC unroll 4
    for (std::size_t j = 0; j < N; ++j) p[j] = fma(p[j], x[j], set<R>(c[i]));
  }
}

// x = n ln 2 + r with |r| <= ln 2 / 2. Adding 1.5 * 2^23 leaves n in the lowest bits. The
// polynomial is Cephes' expf (S. Moshier). |x| <= 80, which contracts see to.
[[gnu::always_inline]] inline Floats exp(Floats x) {
  constexpr double kP[] = {1.9875691500e-4, 1.3981999507e-3, 8.3334519073e-3,
                           4.1665795894e-2, 1.6666665459e-1, 5.0000001201e-1};
  const Floats big = set<Single>(12582912.0);
  const Floats shifted = fma(x, set<Single>(1.44269504088896341), big);
  const Floats n = shifted - big;
  Floats r = fma(n, set<Single>(-0.693359375), x);  // ln 2 in two parts: the first has few bits
  r = fma(n, set<Single>(2.12194440e-4), r);
  const Floats p = fma(polynomial<Single>(kP, r), r * r, r + set<Single>(1));
  return as<Floats>(as<Words>(p) + (as<Words>(shifted) << 23));
}

// As above; the Taylor polynomial of degree 13, whose error is below 4e-18.
[[gnu::always_inline]] inline Doubles exp(Doubles x) {
  constexpr double kP[] = {1.0 / 6227020800,
                           1.0 / 479001600,
                           1.0 / 39916800,
                           1.0 / 3628800,
                           1.0 / 362880,
                           1.0 / 40320,
                           1.0 / 5040,
                           1.0 / 720,
                           1.0 / 120,
                           1.0 / 24,
                           1.0 / 6,
                           0.5,
                           1.0,
                           1.0};
  const Doubles big = set<Double>(6755399441055744.0);
  const Doubles shifted = fma(x, set<Double>(1.44269504088896341), big);
  const Doubles n = shifted - big;
  Doubles r = fma(n, set<Double>(-6.93145751953125e-1), x);
  r = fma(n, set<Double>(-1.42860682030941723212e-6), r);
  return as<Doubles>(as<Longs>(polynomial<Double>(kP, r)) + (as<Longs>(shifted) << 52));
}

// x = 2^e m with m from sqrt(1/2) on; the polynomial is Cephes' logf. x is positive and normal.
template <std::size_t N>
[[gnu::always_inline]] inline void logs(Floats (&x)[N]) {
  constexpr double kP[] = {7.0376836292e-2,  -1.1514610310e-1, 1.1676998740e-1,
                           -1.2420140846e-1, 1.4249322787e-1,  -1.6668057665e-1,
                           2.0000714765e-1,  -2.4999993993e-1, 3.3333331174e-1};
  Floats n[N];
  Floats z[N];
  Floats p[N];
#pragma GCC unroll 4
  for (std::size_t j = 0; j < N; ++j) {
    const Ints e = (as<Ints>(x[j]) - 0x3f3504f3) >> 23;
    z[j] = as<Floats>(as<Ints>(x[j]) - (e << 23)) - set<Single>(1);
    n[j] = __builtin_convertvector(e, Floats);
  }
  polynomials<Single>(kP, z, p);
#pragma GCC unroll 4
  for (std::size_t j = 0; j < N; ++j) {
    const Floats square = z[j] * z[j];
    Floats y = p[j] * (z[j] * square);
    y = fma(n[j], set<Single>(-2.12194440e-4), y);
    y = fma(set<Single>(-0.5), square, y);
    x[j] = fma(n[j], set<Single>(0.693359375), z[j] + y);
  }
}

// As above; fdlibm's e_log.c (Sun Microsystems): log(1 + f) by s = f / (2 + f), error below 1 ulp.
template <std::size_t N>
[[gnu::always_inline]] inline void logs(Doubles (&x)[N]) {
  constexpr double kP[] = {1.479819860511658591e-01, 1.531383769920937332e-01,
                           1.818357216161805012e-01, 2.222219843214978396e-01,
                           2.857142874366239149e-01, 3.999999999940941908e-01,
                           6.666666666666735130e-01};
  constexpr std::uint64_t kOne = std::uint64_t{1023} << 52;
  const Doubles big = set<Double>(0x1p52 + 1023);
  Doubles n[N];
  Doubles f[N];
  Doubles s[N];
  Doubles z[N];
  Doubles p[N];
#pragma GCC unroll 4
  for (std::size_t j = 0; j < N; ++j) {
    const Longs bits = as<Longs>(x[j]);
    const Longs e = (bits - 0x3fe6a09e667f3bcdU + kOne) >> 52;  // 1023 more than it is
    f[j] = as<Doubles>(bits - (e << 52) + kOne) - set<Double>(1);
    n[j] = as<Doubles>(e | std::uint64_t{0x4330000000000000}) - big;
    s[j] = f[j] / (f[j] + set<Double>(2));
    z[j] = s[j] * s[j];
  }
  polynomials<Double>(kP, z, p);
#pragma GCC unroll 4
  for (std::size_t j = 0; j < N; ++j) {
    const Doubles half = set<Double>(0.5) * f[j] * f[j];
    const Doubles rest = s[j] * fma(p[j], z[j], half);
    const Doubles low = fma(n[j], set<Double>(1.90821492927058770002e-10), rest);
    x[j] = fma(n[j], set<Double>(6.93147180369123816490e-01), f[j] - (half - low));
  }
}

// erfinv(x) / x by w = -log((1 - x)(1 + x)): M. Giles, "Approximating the erfinv function" (GPU
// Computing Gems 2, 2012). Deviates beyond 2.9 (float32: 1 of 300) take another polynomial;
// beyond 5 those of float32 are up to 4e-4 off.
template <std::size_t N>
[[gnu::always_inline]] inline void tail_factors(Floats (&w)[N]) {
  constexpr double kNear[] = {2.81022636e-08,  3.43273939e-07, -3.5233877e-06,
                              -4.39150654e-06, 0.00021858087,  -0.00125372503,
                              -0.00417768164,  0.246640727,    1.50140941};
  constexpr double kFar[] = {-0.000200214257, 0.000100950558, 0.00134934322,
                             -0.00367342844,  0.00573950773,  -0.0076224613,
                             0.00943887047,   1.00167406,     2.83297682};
  Floats near[N];
  Floats p[N];
  Ints some = {};
#pragma GCC unroll 4
  for (std::size_t j = 0; j < N; ++j) {
    near[j] = w[j] - set<Single>(2.5);
    some |= w[j] >= set<Single>(5);
  }
  polynomials<Single>(kNear, near, p);
  if (__builtin_expect(any(some), 0)) {
    for (std::size_t j = 0; j < N; ++j) {
      const Floats q = polynomial<Single>(kFar, square_root(w[j]) - set<Single>(3));
      p[j] = w[j] >= set<Single>(5) ? q : p[j];
    }
  }
  for (std::size_t j = 0; j < N; ++j) w[j] = p[j];
}

template <std::size_t N>
[[gnu::always_inline]] inline void tail_factors(Doubles (&w)[N]) {
  constexpr double kNear[] = {
      -3.6444120640178196996e-21, -1.685059138182016589e-19,  1.2858480715256400167e-18,
      1.115787767802518096e-17,   -1.333171662854620906e-16,  2.0972767875968561637e-17,
      6.6376381343583238325e-15,  -4.0545662729752068639e-14, -8.1519341976054721522e-14,
      2.6335093153082322977e-12,  -1.2975133253453532498e-11, -5.4154120542946279317e-11,
      1.051212273321532285e-09,   -4.1126339803469836976e-09, -2.9070369957882005086e-08,
      4.2347877827932403518e-07,  -1.3654692000834678645e-06, -1.3882523362786468719e-05,
      0.0001867342080340571352,   -0.00074070253416626697512, -0.0060336708714301490533,
      0.24015818242558961693,     1.6536545626831027356};
  constexpr double kFar[] = {
      2.2137376921775787049e-09, 9.0756561938885390979e-08, -2.7517406297064545428e-07,
      1.8239629214389227755e-08, 1.5027403968909827627e-06, -4.013867526981545969e-06,
      2.9234449089955446044e-06, 1.2475304481671778723e-05, -4.7318229009055733981e-05,
      6.8284851459573175448e-05, 2.4031110387097893999e-05, -0.0003550375203628474796,
      0.00095328937973738049703, -0.0016882755560235047313, 0.0024914420961078508066,
      -0.0037512085075692412107, 0.005370914553590063617,   1.0052589676941592334,
      3.0838856104922207635};
  constexpr double kFarthest[] = {
      -2.7109920616438573243e-11, -2.5556418169965252055e-10, 1.5076572693500548083e-09,
      -3.7894654401267369937e-09, 7.6157012080783393804e-09,  -1.4960026627149240478e-08,
      2.9147953450901080826e-08,  -6.7711997758452339498e-08, 2.2900482228026654717e-07,
      -9.9298272942317002539e-07, 4.5260625972231537039e-06,  -1.9681778105531670567e-05,
      7.5995277030017761139e-05,  -0.00021503011930044477347, -0.00013871931833623122026,
      1.0103004648645343977,      4.8499064014085844221};
  Doubles near[N];
  Doubles p[N];
  LongInts some = {};
#pragma GCC unroll 4
  for (std::size_t j = 0; j < N; ++j) {
    near[j] = w[j] - set<Double>(3.125);
    some |= w[j] >= set<Double>(6.25);
  }
  polynomials<Double>(kNear, near, p);
  if (__builtin_expect(any(some), 0)) {
    for (std::size_t j = 0; j < N; ++j) {
      const Doubles root = square_root(w[j]);
      const Doubles q = polynomial<Double>(kFar, root - set<Double>(3.25));
      const Doubles r = polynomial<Double>(kFarthest, root - set<Double>(5));
      p[j] = w[j] >= set<Double>(6.25) ? (w[j] >= set<Double>(16) ? r : q) : p[j];
    }
  }
  for (std::size_t j = 0; j < N; ++j) w[j] = p[j];
}

// Twice the smaller tail's probability, above 0 and at most 1: 31 bits of a word, or 52, and half
// of one. It is rounded where it is near 1 only.
[[gnu::always_inline]] inline Floats tail(Words words) {
  const Words top = as<Words>(as<Ints>(words) >> 31);
  const Floats m = __builtin_convertvector(as<Ints>((words ^ top) & 0x7fffffffU), Floats);
  return fma(m, set<Single>(0x1p-31), set<Single>(0x1p-32));
}

[[gnu::always_inline]] inline Doubles tail(Longs words) {
  const Longs top = std::uint64_t{0} - (words >> 63);
  const Longs m = ((words ^ top) & ~std::uint64_t{0} >> 1) >> 11;
  const Doubles whole = as<Doubles>(m | std::uint64_t{0x4330000000000000}) - set<Double>(0x1p52);
  return fma(whole, set<Double>(0x1p-52), set<Double>(0x1p-53));
}

// The deviates whose distribution function is (word + 1/2) / 2^bits.
template <class R, std::size_t N>
[[gnu::always_inline]] inline void normals_of(const typename R::Bits (&words)[N],
                                              typename R::V (&out)[N]) {
  using V = typename R::V;
  constexpr auto kTop =
      static_cast<typename R::Word>(typename R::Word{1} << (8 * sizeof(typename R::Word) - 1));
  V twice[N];
  V w[N];
#pragma GCC unroll 4
  for (std::size_t j = 0; j < N; ++j) {
    twice[j] = tail(words[j]);
    w[j] = twice[j] * (set<R>(2) - twice[j]);
  }
  logs(w);
#pragma GCC unroll 4
  for (std::size_t j = 0; j < N; ++j) w[j] = set<R>(0) - w[j];
  tail_factors(w);
#pragma GCC unroll 4
  for (std::size_t j = 0; j < N; ++j) {
    const V root = set<R>(1.41421356237309505);
    const V size = (root - root * twice[j]) * w[j];
    out[j] = as<V>(as<typename R::Bits>(size) ^ (~words[j] & kTop));
  }
}

template <class R>
[[gnu::always_inline]] inline typename R::V normal(typename R::Bits words) {
  const typename R::Bits one[1] = {words};
  typename R::V out[1];
  normals_of<R>(one, out);
  return out[0];
}
