// Reads a text that is known through the decoder, all of it at once: how likely each token was, and
// what the heads that follow the audio saw.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "core/cancel.hpp"
#include "core/matrix.hpp"
#include "core/thread_pool.hpp"
#include "speech/decoder.hpp"
#include "speech/kv_cache.hpp"
#include "speech/model.hpp"

namespace asrbench::speech {

struct Forced {
  std::vector<float> probabilities;  // of each token of the text, among tokens of text
  Matrix followed;  // (text + 1, frames): the step that leads to each token, and to end-of-text
};

// Reads prompt, <|notimestamps|>, text, <|endoftext|> into the cache, whose cross keys and values
// are the window's; the text that was there is forgotten. `followed` is the mean over the model's
// alignment heads of what they saw of the first `frames` states (20 ms each, at least 1),
// standardised over the tokens and smoothed over the frames. Throws OptionError for a token that is
// not text, and EngineError where the text does not fit the text context or a number is not finite.
[[nodiscard]] Forced force(const Model& model, std::span<const int> prompt,
                           std::span<const int> text, std::size_t frames, Decoder& decoder,
                           KvCache& cache, ThreadPool& pool, Cancel& cancel);

}  // namespace asrbench::speech
