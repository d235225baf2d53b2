// Philox4x32-10 over vectors; a body as vectors.hpp is.
//
// J. Salmon, M. Moraes, R. Dror, D. Shaw, "Parallel random numbers: as easy as 1, 2, 3" (SC11): ten
// rounds of two multiplications turn a counter of 128 bits into four random words. A word lies in
// the low half of a lane of 64 bits, where a product has room; what is above it is left to lie.

struct Counters {
  Longs word[4];
};

[[gnu::always_inline]] inline Counters philox(std::uint64_t seed, Longs index, std::uint32_t step) {
  Counters c{{index, index >> 32, Longs{} + step, Longs{}}};
  auto key0 = static_cast<std::uint32_t>(seed);
  auto key1 = static_cast<std::uint32_t>(seed >> 32);
  const Longs m0 = Longs{} + 0xD2511F53U;
  const Longs m1 = Longs{} + 0xCD9E8D57U;
#pragma GCC unroll 10
  for (int round = 0; round < 10; ++round) {
    const Longs p0 = multiply_low(c.word[0], m0);
    const Longs p1 = multiply_low(c.word[2], m1);
    c.word[0] = (p1 >> 32) ^ c.word[1] ^ key0;
    c.word[1] = p1;
    c.word[2] = (p0 >> 32) ^ c.word[3] ^ key1;
    c.word[3] = p0;
    key0 += 0x9E3779B9U;
    key1 += 0xBB67AE85U;
  }
  return c;
}

inline Longs counting(std::uint64_t first, std::uint64_t by) {
  Longs v;
  for (std::size_t i = 0; i < Double::kLanes; ++i) v[i] = first + i * by;
  return v;
}

// Words of the counters index, index + 1, ...: word j of counter index + lane is in lane of [j].
[[gnu::always_inline]] inline void words_of(Single, std::uint64_t seed, std::uint64_t index,
                                            std::uint32_t step, Words (&out)[4]) {
  const Counters even = philox(seed, counting(index, 2), step);
  const Counters odd = philox(seed, counting(index + 1, 2), step);
  for (std::size_t j = 0; j < 4; ++j) {
    out[j] = as<Words>((even.word[j] & 0xffffffffU) | (odd.word[j] << 32));
  }
}
[[gnu::always_inline]] inline void words_of(Double, std::uint64_t seed, std::uint64_t index,
                                            std::uint32_t step, Longs (&out)[2]) {
  const Counters all = philox(seed, counting(index, 1), step);
  for (std::size_t j = 0; j < 2; ++j) {
    out[j] = (all.word[2 * j] << 32) | (all.word[2 * j + 1] & 0xffffffffU);
  }
}
