// The weights of a Whisper model, every size taken from the file, laid out for the kernels.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <vector>

#include "core/matrix.hpp"
#include "core/store.hpp"
#include "kernels/linear.hpp"
#include "speech/ct2_file.hpp"

namespace asrbench::speech {

struct Dims {
  std::size_t bins;           // of the log-mel spectrogram
  std::size_t audio_context;  // encoder states of a window; twice as many mel frames go in
  std::size_t state;          // values of a state
  std::size_t heads;          // of attention; divides the state
  std::size_t encoder_layers;
  std::size_t decoder_layers;
  std::size_t vocabulary;
  std::size_t text_context;  // tokens, the prompt included
};

struct Norm {
  std::span<const float> gamma;  // (state)
  std::span<const float> beta;   // (state)

  void apply(const kernels::Kernels& kernels, const float* x, float* y) const {
    constexpr float kEpsilon = 1e-5F;
    kernels.layer_norm(x, gamma.data(), beta.data(), kEpsilon, y, gamma.size());
  }
};

struct EncoderLayer {
  Norm attention_norm;
  kernels::Linear query_key_value;  // [3 state, state]
  kernels::Linear attention_out;    // [state, state]
  Norm ffn_norm;
  kernels::Linear ffn_up;    // [4 state, state]
  kernels::Linear ffn_down;  // [state, 4 state]
};

struct DecoderLayer {
  Norm self_norm;
  kernels::Linear query_key_value;  // [3 state, state]
  kernels::Linear self_out;         // [state, state]
  Norm cross_norm;
  kernels::Linear cross_query;      // [state, state]
  kernels::Linear cross_key_value;  // [2 state, state], of the encoder's states
  kernels::Linear cross_out;        // [state, state]
  Norm ffn_norm;
  kernels::Linear ffn_up;    // [4 state, state]
  kernels::Linear ffn_down;  // [state, 4 state]
};

struct Weights {
  const kernels::Kernels* kernels;
  kernels::Precision precision;  // of the encoder; a decoder of integers takes 16 bits
  Store store;                   // owns what follows
  Dims dims;
  kernels::Linear conv1;  // [state, 3 bins]: the kernel's three frames one after another
  kernels::Linear conv2;  // [state, 3 state]
  std::span<const float> encoder_positions;  // (audio_context, state)
  std::vector<EncoderLayer> encoder;
  Norm encoder_norm;
  kernels::Linear embeddings;  // [vocabulary, state], the projection to logits as well
  std::span<const float> decoder_positions;  // (text_context, state)
  std::vector<DecoderLayer> decoder;
  Norm decoder_norm;

  [[nodiscard]] kernels::Precision decoder_precision() const {
    using kernels::Precision;
    return precision == Precision::kFloat32 ? precision : Precision::kInt16;
  }
};

// Copies what the file holds; its bytes are not needed afterwards. float32, float16, bfloat16 and
// quantised int8 and int16 weights are taken. Throws ModelError for a variable that is missing, has
// another shape or dtype than its place asks for, or holds a value that is not finite.
[[nodiscard]] Weights load_weights(const Ct2File& file, const kernels::Kernels& kernels,
                                   kernels::Precision precision);

// The same out of a store that load_weights filled before, for these sizes, kernels and precision.
// Throws ModelError where it holds something else.
[[nodiscard]] Weights map_weights(Store store, const Dims& dims, const kernels::Kernels& kernels,
                                  kernels::Precision precision);

}  // namespace asrbench::speech
