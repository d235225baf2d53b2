// The keys and values that a decoder has made: of the audio once a window, of the text as it grows.
#pragma once

#include <vector>

#include "core/matrix.hpp"
#include "speech/weights.hpp"

namespace asrbench::speech {

struct KvCache {
  explicit KvCache(const Dims& dims);

  struct Layer {
    Matrix self_key;                  // (text_context, state); the first `length` rows are written
    Matrix self_value;                // (text_context, state)
    std::vector<Matrix> cross_key;    // for each head (audio_context, state / heads)
    std::vector<Matrix> cross_value;  // for each head (audio_context, state / heads)
  };

  std::vector<Layer> layers;
  std::size_t length = 0;  // tokens whose self keys and values are here
};

inline KvCache::KvCache(const Dims& dims) {
  for (std::size_t i = 0; i < dims.decoder_layers; ++i) {
    Layer layer{
        Matrix(dims.text_context, dims.state), Matrix(dims.text_context, dims.state), {}, {}};
    for (std::size_t head = 0; head < dims.heads; ++head) {
      layer.cross_key.emplace_back(dims.audio_context, dims.state / dims.heads);
      layer.cross_value.emplace_back(dims.audio_context, dims.state / dims.heads);
    }
    layers.push_back(std::move(layer));
  }
}

}  // namespace asrbench::speech
