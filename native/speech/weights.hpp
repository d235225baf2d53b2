// The weights of a Whisper model, every size taken from the file, laid out for the kernels.
#pragma once

#include <cstddef>
#include <vector>

#include "core/matrix.hpp"
#include "kernels/layout.hpp"
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
  Buffer<float> gamma;  // (state)
  Buffer<float> beta;   // (state)

  void apply(const kernels::Kernels& kernels, const float* x, float* y) const {
    constexpr float kEpsilon = 1e-5F;
    kernels.layer_norm(x, gamma.data(), beta.data(), kEpsilon, y, gamma.size());
  }
};

struct EncoderLayer {
  Norm attention_norm;
  kernels::Panels query_key_value;  // [3 state, state]
  kernels::Panels attention_out;    // [state, state]
  Norm ffn_norm;
  kernels::Panels ffn_up;    // [4 state, state]
  kernels::Panels ffn_down;  // [state, 4 state]
};

struct DecoderLayer {
  Norm self_norm;
  kernels::Rows query_key_value;  // [3 state, state]
  kernels::Rows self_out;         // [state, state]
  Norm cross_norm;
  kernels::Rows cross_query;                 // [state, state]
  std::vector<kernels::Panels> cross_key;    // for each head [state / heads, state]
  std::vector<kernels::Panels> cross_value;  // for each head [state / heads, state]
  kernels::Rows cross_out;                   // [state, state]
  Norm ffn_norm;
  kernels::Rows ffn_up;    // [4 state, state]
  kernels::Rows ffn_down;  // [state, 4 state]
};

struct Weights {
  const kernels::Kernels* kernels;
  Dims dims;
  kernels::Panels conv1;     // [state, 3 bins]: the kernel's three frames one after another
  kernels::Panels conv2;     // [state, 3 state]
  Matrix encoder_positions;  // (audio_context, state)
  std::vector<EncoderLayer> encoder;
  Norm encoder_norm;
  kernels::Rows embeddings;  // [vocabulary, state], the projection to logits as well
  Matrix decoder_positions;  // (text_context, state)
  std::vector<DecoderLayer> decoder;
  Norm decoder_norm;
};

// Copies what the file holds; its bytes are not needed afterwards. float32, float16, bfloat16 and
// quantised int8 and int16 weights are taken. Throws ModelError for a variable that is missing, has
// another shape or dtype than its place asks for, or holds a value that is not finite.
[[nodiscard]] Weights load_weights(const Ct2File& file, const kernels::Kernels& kernels);

}  // namespace asrbench::speech
