// The keys and values that a decoder has made: of the audio once a window, of the text as it grows.
#pragma once

#include <vector>

#include "core/matrix.hpp"
#include "speech/attention.hpp"
#include "speech/weights.hpp"

namespace asrbench::speech {

struct KvCache {
  explicit KvCache(const Weights& weights);

  struct Layer {
    Matrix self_key;    // (text_context, state); the first `length` rows are written
    Matrix self_value;  // (text_context, state)
    KeyValues cross;    // of the audio's states
  };

  std::vector<Layer> layers;
  std::size_t length = 0;  // tokens whose self keys and values are here
};

inline KvCache::KvCache(const Weights& weights) {
  const Dims& dims = weights.dims;
  for (std::size_t i = 0; i < dims.decoder_layers; ++i) {
    layers.push_back({Matrix(dims.text_context, dims.state), Matrix(dims.text_context, dims.state),
                      KeyValues(*weights.kernels, dims.heads, dims.state / dims.heads,
                                dims.audio_context, weights.decoder_precision())});
  }
}

}  // namespace asrbench::speech
