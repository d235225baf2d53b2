// The simulation, written once over vectors; each instruction set includes this file.
//
// A word of Philox belongs to a pair of paths and a date alone. The counter is {pair, date / 4} for
// float32, {pair, date / 2} for float64, whose deviates have 64 bits; where there is one date, it
// is {pair / 4} or {pair / 2}. So no number of threads, and no instruction set, changes which
// deviate is used where. A body as vectors.hpp is.

#include "pricing/normal_body.hpp"
#include "pricing/paths_body.hpp"
#include "pricing/philox_body.hpp"

template <class R>
typename R::Bits lane_numbers(std::size_t by, std::size_t from) {
  typename R::Bits v;
  for (std::size_t i = 0; i < R::kLanes; ++i) {
    v[i] = static_cast<typename R::Word>(i * by + from);
  }
  return v;
}

template <class R, Kind kKind, bool kGreeks>
void pairs(const Plan& p, const Part& part, Tally& tally) {
  using V = typename R::V;
  const Constants<R> c(p);
  const std::size_t steps = p.contract.steps;
  typename R::Bits words[R::kNormals];
  V z[R::kNormals];
  if (steps == 1) {
    constexpr std::size_t kEach = R::kLanes * R::kNormals;
    for (std::size_t at = 0; at < part.count; at += kEach) {
      words_of(R{}, p.seed, (part.first + at) / R::kNormals, 0, words);
      normals_of<R>(words, z);
#pragma GCC unroll 4
      for (std::size_t j = 0; j < R::kNormals; ++j) {
        const auto index = lane_numbers<R>(R::kNormals, j);
        account<R, kKind, kGreeks>(p, c, &z[j], index, part.count - at, tally);
      }
    }
    return;
  }
  V b[kMostSteps];
  const auto index = lane_numbers<R>(1, 0);
  for (std::size_t at = 0; at < part.count; at += R::kLanes) {
    V sum = set<R>(0);
    for (std::size_t i = 0; i < steps; i += R::kNormals) {
      words_of(R{}, p.seed, part.first + at, static_cast<std::uint32_t>(i / R::kNormals), words);
      normals_of<R>(words, z);
      for (std::size_t j = 0; j < R::kNormals && i + j < steps; ++j) {
        sum += z[j];
        b[i + j] = sum;
      }
    }
    account<R, kKind, kGreeks>(p, c, b, index, part.count - at, tally);
  }
}

inline Words widened(Single, std::uint32_t common, const std::uint32_t* first) {
  return load<Words>(first) ^ common;
}
inline Longs widened(Double, std::uint32_t common, const std::uint32_t* first) {
  Longs v;
  for (std::size_t i = 0; i < Double::kLanes; ++i) {
    v[i] = std::uint64_t{first[i] ^ common} << 32 | 0x80000000U;
  }
  return v;
}

// The points of Sobol's sequence in the order of Gray codes (I. Antonov and V. Saleev, 1979), moved
// by a digital shift. Since gray(i + j) = gray(i) ^ gray(j) where i is a multiple of the lanes and
// j below them, the points of a vector are those of the first one, all moved alike.
template <class R, Kind kKind, bool kGreeks>
void points(const Plan& p, const Part& part, Tally& tally) {
  using V = typename R::V;
  const Constants<R> c(p);
  const std::size_t steps = p.contract.steps;
  const auto index = lane_numbers<R>(1, 0);
  std::uint32_t common[kMostSobolSteps];
  V b[kMostSobolSteps + 1];
  b[0] = set<R>(0);
  for (std::size_t at = 0; at < part.count; at += R::kLanes) {
    const std::uint64_t place = part.first + at;
    if (at == 0) {
      for (std::size_t d = 0; d < steps; ++d) {
        common[d] = part.shift[d];
        for (std::uint64_t gray = place ^ place >> 1; gray != 0; gray &= gray - 1) {
          common[d] ^= p.directions[d * kDirections + static_cast<unsigned>(__builtin_ctzll(gray))];
        }
      }
    } else {  // place - lanes -> place: two bits of the Gray code change
      constexpr unsigned kLow = R::kLanes == 2 ? 0 : R::kLanes == 4 ? 1 : R::kLanes == 8 ? 2 : 3;
      const auto high = static_cast<unsigned>(__builtin_ctzll(place));
      for (std::size_t d = 0; d < steps; ++d) {
        const std::uint32_t* const v = p.directions + d * kDirections;
        common[d] ^= v[high] ^ v[kLow];
      }
    }
    for (std::size_t d = 0; d < steps; ++d) {
      const BridgeStep& s = p.bridge[d];
      const V z = normal<R>(widened(R{}, common[d], p.first + d * kSobolLanes));
      const V between = fma(set<R>(s.left), b[s.from], set<R>(s.right) * b[s.to]);
      b[s.at] = fma(set<R>(s.deviation), z, between);
    }
    account<R, kKind, kGreeks>(p, c, b + 1, index, part.count - at, tally);
  }
}

template <class R, Kind kKind, bool kGreeks>
void some(const Plan& p, const Part& part, Tally& tally) {
  if (part.shift) {
    points<R, kKind, kGreeks>(p, part, tally);
  } else {
    pairs<R, kKind, kGreeks>(p, part, tally);
  }
}

template <class R, Kind kKind>
void of_kind(const Plan& p, const Part& part, Tally& tally) {
  if (p.greeks) {
    some<R, kKind, true>(p, part, tally);
  } else {
    some<R, kKind, false>(p, part, tally);
  }
}

template <class R>
void simulate(const Plan& p, const Part& part, Sums& sums) {
  Tally tally;
  if (p.contract.kind == Kind::kEuropean) {
    of_kind<R, Kind::kEuropean>(p, part, tally);
  } else if (p.contract.kind == Kind::kAsian) {
    of_kind<R, Kind::kAsian>(p, part, tally);
  } else {
    of_kind<R, Kind::kBarrier>(p, part, tally);
  }
  for (std::size_t i = 0; i < kOutputs; ++i) {
    sums.sum[i] = sums.square[i] = 0;
    for (std::size_t lane = 0; lane < Double::kLanes; ++lane) {
      sums.sum[i] += tally.sum[i][lane];
      sums.square[i] += tally.square[i][lane];
    }
  }
}

void words(std::uint64_t seed, std::uint64_t first, std::uint32_t step, std::size_t count,
           std::uint32_t* out) {
  Words found[4];
  for (std::size_t at = 0; at < count; at += Single::kLanes) {
    words_of(Single{}, seed, first + at, step, found);
    for (std::size_t i = 0; i < Single::kLanes && at + i < count; ++i) {
      for (std::size_t j = 0; j < 4; ++j) out[4 * (at + i) + j] = found[j][i];
    }
  }
}

template <class R>
void normals(const typename R::Word* words, std::size_t count, typename R::Scalar* out) {
  for (std::size_t at = 0; at < count; at += R::kLanes) {
    typename R::Bits some = {};
    for (std::size_t i = 0; i < R::kLanes && at + i < count; ++i) some[i] = words[at + i];
    const typename R::V found = normal<R>(some);
    for (std::size_t i = 0; i < R::kLanes && at + i < count; ++i) out[at + i] = found[i];
  }
}

constexpr Kernels table(const char* isa) {
  return {isa, simulate<Single>, simulate<Double>, words, normals<Single>, normals<Double>};
}
