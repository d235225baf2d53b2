// Sixteen floats and sixteen integers of AVX-512, for each table that has them.
//
// No include guard and no namespace: it is a part of the file that includes it.

struct V {
  static constexpr std::size_t kLanes = 16;

  __m512 v;

  static V zero() { return {_mm512_setzero_ps()}; }
  static V set(float x) { return {_mm512_set1_ps(x)}; }
  static V load(const float* p) { return {_mm512_loadu_ps(p)}; }
  static V load(const std::uint16_t* p) {
    return {_mm512_cvtph_ps(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(p)))};
  }
  static void store(float* p, V a) { _mm512_storeu_ps(p, a.v); }
  static void hide(V& a) { asm volatile("" : "+v"(a.v)); }  // from the optimiser
  static V add(V a, V b) { return {_mm512_add_ps(a.v, b.v)}; }
  static V sub(V a, V b) { return {_mm512_sub_ps(a.v, b.v)}; }
  static V mul(V a, V b) { return {_mm512_mul_ps(a.v, b.v)}; }
  static V div(V a, V b) { return {_mm512_div_ps(a.v, b.v)}; }
  static V fma(V a, V b, V c) { return {_mm512_fmadd_ps(a.v, b.v, c.v)}; }
  static V max(V a, V b) { return {_mm512_max_ps(a.v, b.v)}; }
  static V min(V a, V b) { return {_mm512_min_ps(a.v, b.v)}; }
  static V round(V a) { return {_mm512_roundscale_ps(a.v, _MM_FROUND_TO_NEAREST_INT)}; }
  static V power_of_two(V n) {
    const __m512i biased = _mm512_add_epi32(_mm512_cvtps_epi32(n.v), _mm512_set1_epi32(127));
    return {_mm512_castsi512_ps(_mm512_slli_epi32(biased, 23))};
  }
  static float sum(V a) { return _mm512_reduce_add_ps(a.v); }
  static float max_lane(V a) { return _mm512_reduce_max_ps(a.v); }
  static float root(float x) { return _mm_cvtss_f32(_mm_sqrt_ss(_mm_set_ss(x))); }
};

struct I {
  using Lanes = std::int32_t __attribute__((vector_size(64)));  // g++ copies sums of __m512i about

  Lanes v;

  static I of(__m512i v) { return {reinterpret_cast<Lanes>(v)}; }
  [[nodiscard]] __m512i bits() const { return reinterpret_cast<__m512i>(v); }

  static I zero() { return {Lanes{}}; }
  static I load(const void* p) { return of(_mm512_loadu_si512(p)); }
  static I four_bytes(const void* p) {
    std::int32_t word;
    __builtin_memcpy(&word, p, sizeof word);
    return of(_mm512_set1_epi32(word));
  }
  static void hide(I& a) { asm volatile("" : "+v"(a.v)); }
  static I even(I a) { return of(_mm512_srai_epi16(_mm512_slli_epi16(a.bits(), 8), 8)); }
  static I odd(I a) { return of(_mm512_srai_epi16(a.bits(), 8)); }
  static I sub(I a, I b) { return {a.v - b.v}; }
  static V floats(I a) { return {_mm512_cvtepi32_ps(a.bits())}; }
  static void store_int16(std::int16_t* p, V a) {
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(p),
                        _mm512_cvtepi32_epi16(_mm512_cvtps_epi32(a.v)));
  }
};
