// Vectors of kBytes bytes by the compiler's vector extension; each instruction set includes this.
//
// Before it, the including file defines kBytes in its anonymous namespace; after it, what the
// extension cannot say: fma, square_root, multiply_low, any. Calls nothing of std, as
// kernels/body.hpp explains. No include guard: it is a body, not a header.

using Floats = float __attribute__((vector_size(kBytes)));
using HalfFloats = float __attribute__((vector_size(kBytes / 2)));
using Doubles = double __attribute__((vector_size(kBytes)));
using Words = std::uint32_t __attribute__((vector_size(kBytes)));
using Ints = std::int32_t __attribute__((vector_size(kBytes)));
using Longs = std::uint64_t __attribute__((vector_size(kBytes)));
using LongInts = std::int64_t __attribute__((vector_size(kBytes)));

struct Single {
  using Scalar = float;
  using Word = std::uint32_t;
  using V = Floats;
  using Bits = Words;
  using Mask = Ints;
  static constexpr std::size_t kLanes = kBytes / sizeof(float);
  static constexpr std::size_t kNormals = 4;  // of one Philox counter
};

struct Double {
  using Scalar = double;
  using Word = std::uint64_t;
  using V = Doubles;
  using Bits = Longs;
  using Mask = LongInts;
  static constexpr std::size_t kLanes = kBytes / sizeof(double);
  static constexpr std::size_t kNormals = 2;
};

template <class To, class From>
inline To as(From from) {  // the same bits
  static_assert(sizeof(To) == sizeof(From));
  return reinterpret_cast<To>(from);
}

template <class R>
inline typename R::V set(double x) {
  return typename R::V{} + static_cast<typename R::Scalar>(x);
}

template <class V>
inline V load(const void* p) {
  V v;
  __builtin_memcpy(&v, p, sizeof v);
  return v;
}

template <class V>
inline V max(V a, V b) {
  return a > b ? a : b;
}
