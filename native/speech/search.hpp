// Chooses the tokens of a window: greedily, the likeliest at each step, under Whisper's rules.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "core/cancel.hpp"
#include "core/thread_pool.hpp"
#include "speech/config.hpp"
#include "speech/decoder.hpp"
#include "speech/kv_cache.hpp"
#include "speech/tokenizer.hpp"

namespace asrbench::speech {

// What the searches of one call work with, over a cache that attends to the window.
struct Search {
  const Weights& weights;
  const Tokenizer& tokenizer;
  const Config& config;
  std::size_t max_initial_timestamp;  // steps of 20 ms
  Decoder& decoder;
  KvCache& cache;
  ThreadPool& pool;
  Cancel& cancel;
  double decoder_s = 0;  // seconds spent in the decoder; the rest is the search's own

  void step(std::span<const int> tokens, MatrixView logits);
  void read(std::span<const int> tokens, MatrixView logits);

  // Sets the logits of what may not follow to -infinity; returns ln of the others' summed
  // exponentials. Throws EngineError if nothing may follow. Any thread may call it.
  [[nodiscard]] double allow(std::span<const int> sampled, std::span<float> logits) const;
};

// A window's prompt, read: every search of the window begins behind it.
struct Opening {
  Buffer<float> logits;       // (vocabulary), of the first token
  std::size_t length = 0;     // tokens of the prompt
  std::size_t most = 0;       // tokens that a text may have
  double no_speech_prob = 0;  // of <|nospeech|> behind <|startoftranscript|>
};

struct Decoded {
  std::vector<int> tokens;  // without end-of-text
  double avg_log_prob = 0;  // natural logarithm a token, end-of-text counted as one
  double no_speech_prob = 0;
  double temperature = 0;
  std::optional<double> compression_ratio;
};

// Reads a prompt with one <|startoftranscript|> into an empty cache.
[[nodiscard]] Opening open(Search& search, std::span<const int> prompt);

// The natural logarithm of a text's probability, told as its average.
[[nodiscard]] Decoded decoded(const Opening& opening, std::vector<int> tokens, double log_prob);

// The likeliest token at each step until end-of-text, at most half the text context.
// Throws EngineError if no token is allowed.
[[nodiscard]] Decoded greedy(Search& search, const Opening& opening);

}  // namespace asrbench::speech
