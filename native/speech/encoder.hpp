// The encoder: log-mel spectrogram of a window to encoder states.
//
// Radford et al. 2022: two convolutions with GELU, learnt positions, then pre-norm transformer
// layers (Vaswani et al. 2017) and a last layer norm.
#pragma once

#include <vector>

#include "core/cancel.hpp"
#include "core/matrix.hpp"
#include "core/thread_pool.hpp"
#include "kernels/linear.hpp"
#include "speech/attention.hpp"
#include "speech/weights.hpp"

namespace asrbench::speech {

// What the encoder writes on its way; one for each window that is worked on at a time.
class EncoderScratch {
 public:
  EncoderScratch(const Weights& weights, std::size_t threads);

 private:
  friend class Encoding;

  struct Block {               // what one thread needs for a block of rows
    Matrix normed;             // (kRows, state)
    Matrix hidden;             // (kRows, 4 state)
    kernels::Operand operand;  // of at most 4 state
    AttentionScratch attention;
  };

  Matrix padded_mel_;       // (2 audio_context + 2, bins): a zero row before and behind
  Matrix padded_conv1_;     // (2 audio_context + 2, state): likewise
  Matrix query_key_value_;  // (audio_context, 3 state)
  Matrix attended_;         // (audio_context, state)
  KeyValues keys_values_;
  std::vector<Block> blocks_;  // for each thread
};

// What a layer of the encoder makes of a window without audio: its keys and values.
using PaddedLayers = std::vector<KeyValues>;

// Encodes a window: `log_mel` has at most 2 audio_context rows of `bins` values, and what is
// missing is padded with 0, the value Whisper pads with. `states` is (audio_context, state). Throws
// OptionError for another shape.
void encode(const Weights& weights, ConstView log_mel, EncoderScratch& scratch, ThreadPool& pool,
            Cancel& cancel, MatrixView states);

// Encodes only the first states.rows of a window's states, a multiple of kernels::kGroup or all;
// they attend to `padded` where the others would be.
void encode_beginning(const Weights& weights, ConstView log_mel, const PaddedLayers& padded,
                      EncoderScratch& scratch, ThreadPool& pool, Cancel& cancel, MatrixView states);

// Encodes a window without audio; `states` is (audio_context, state).
[[nodiscard]] PaddedLayers encode_padding(const Weights& weights, EncoderScratch& scratch,
                                          ThreadPool& pool, Cancel& cancel, MatrixView states);

}  // namespace asrbench::speech
