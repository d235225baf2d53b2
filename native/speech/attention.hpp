// Attention: what a head's queries find among its keys and values, softmax(Q K^T / sqrt(size)) V.
//
// Vaswani et al. 2017. The keys and values are packed once and attended to many times. As integers
// they are bytes with a scale a place, and queries and probabilities are of 16 bits.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "core/matrix.hpp"
#include "core/store.hpp"
#include "kernels/kernels.hpp"
#include "kernels/linear.hpp"

namespace asrbench::speech {

// What one thread writes while it attends.
struct AttentionScratch {
  AttentionScratch(std::size_t queries, std::size_t places, std::size_t size);

  Matrix scores;                       // (queries, places)
  Buffer<std::int16_t> queries;        // (queries, size padded to groups)
  Buffer<std::int16_t> probabilities;  // (queries, places padded to groups)
  Buffer<float> scales;                // (queries)
};

// Keys and values of every head at a number of places: states of audio, or tokens.
class KeyValues {
 public:
  KeyValues(const kernels::Kernels& kernels, std::size_t heads, std::size_t size,
            std::size_t places, kernels::Precision precision);

  // Packs a head's keys and values (rows, size) for the places from `first` on, a multiple of
  // kGroup. Different heads, and places of different groups, may be put at once.
  void put(std::size_t head, std::size_t first, ConstView keys, ConstView values);

  // Takes the places from `first` on, a multiple of kGroup, as they are in `other`.
  void put(std::size_t head, std::size_t first, const KeyValues& other);

  // To be called once all places of the head are put, before it is attended to.
  void seal(std::size_t head);

  // Leaves them in the store, or takes them from it where it is mapped: then nothing can be put,
  // and the store outlives them.
  void keep(Store& store);

  // out[r] = the values that queries[r] finds; `queries` and `out` have rows of `size` values.
  // `seen`, if it has rows, gets for each query the probabilities among the first seen.columns
  // places, which then add up to 1.
  void attend(std::size_t head, ConstView queries, MatrixView out, AttentionScratch& scratch,
              MatrixView seen = {}) const;

 private:
  // Values of its own, or in a store that is mapped.
  template <class T>
  struct Values {
    Buffer<T> own;
    std::span<const T> mapped;

    [[nodiscard]] std::span<const T> view() const { return mapped.empty() ? own : mapped; }
    [[nodiscard]] const T* data() const { return view().data(); }
  };

  struct Head {
    Values<float> keys;             // floats in panels: [places / panel][size][panel]
    Values<float> values;           // [size / panel][places][panel]
    Values<std::int8_t> key_bytes;  // or bytes in panels of groups
    Values<std::int8_t> value_bytes;
    Values<float> key_scales;     // (places)
    Values<float> value_scales;   // (places)
    Buffer<float> value_weights;  // (places): value_scales / reach
    float reach = 0;              // the largest scale of a value, NaN if a number was not finite
  };

  void put_floats(Head& head, std::size_t first, ConstView keys, ConstView values);
  void put_bytes(Head& head, std::size_t first, ConstView keys, ConstView values);
  void attend_floats(const Head& found, ConstView queries, MatrixView out,
                     AttentionScratch& scratch, MatrixView seen) const;
  void attend_bytes(const Head& found, ConstView queries, MatrixView out, AttentionScratch& scratch,
                    MatrixView seen) const;
  void show(ConstView scores, MatrixView seen) const;
  [[nodiscard]] float scale() const;  // of scores, before softmax

  const kernels::Kernels* kernels_;
  std::size_t size_;
  std::size_t places_;
  kernels::Precision precision_;
  Buffer<float> ones_;  // (size): a value's scale is in the probabilities
  std::vector<Head> heads_;
};

}  // namespace asrbench::speech
