#include "speech/forcing.hpp"

#include <algorithm>
#include <cmath>

#include "core/error.hpp"
#include "speech/alignment.hpp"
#include "speech/attention_tap.hpp"

namespace asrbench::speech {
namespace {

// Listens to a decoder while the scope lasts.
class Listening {
 public:
  Listening(Decoder& decoder, AttentionTap& tap) : decoder_(decoder), before_(decoder.tap()) {
    decoder.listen(&tap);
  }
  ~Listening() { decoder_.listen(before_); }
  Listening(const Listening&) = delete;
  Listening& operator=(const Listening&) = delete;

 private:
  Decoder& decoder_;
  AttentionTap* before_;
};

// The probability of a token among those of text, which are the first of the logits.
float share(const kernels::Kernels& kernels, std::span<const float> logits, int token) {
  const float highest = kernels.max(logits.data(), logits.size());
  const float all = kernels.sum_exp(logits.data(), highest, logits.size());
  return std::min(1.0F, std::exp(logits[static_cast<std::size_t>(token)] - highest) / all);
}

// The mean of what the heads saw at the tokens from `first` on, standardised and smoothed.
Matrix follow(std::span<const MatrixView> seen, std::size_t first, std::size_t count,
              ThreadPool& pool, Cancel& cancel) {
  pool.run(seen.size(), cancel, [&](std::size_t head, std::size_t) { standardise(seen[head]); });
  Matrix followed(count, seen.front().columns);
  pool.run(count, cancel, [&](std::size_t r, std::size_t) {
    float* const mean = followed.row(r);
    Buffer<float> smoothed(followed.columns());
    std::fill_n(mean, smoothed.size(), 0.0F);
    for (const MatrixView& head : seen) {
      smooth({head.row(first + r), head.columns}, smoothed);
      for (std::size_t c = 0; c < smoothed.size(); ++c) mean[c] += smoothed[c];
    }
    for (std::size_t c = 0; c < smoothed.size(); ++c) mean[c] /= static_cast<float>(seen.size());
  });
  return followed;
}

}  // namespace

Forced force(const Model& model, std::span<const int> prompt, std::span<const int> text,
             std::size_t frames, Decoder& decoder, KvCache& cache, ThreadPool& pool,
             Cancel& cancel) {
  const Tokenizer& tokenizer = model.tokenizer;
  const Dims& dims = model.weights.dims;
  for (const int token : text) {
    if (token < 0 || token >= tokenizer.eot) {
      fail<OptionError>("token is ", token, "; expected text, 0 to ", tokenizer.eot - 1);
    }
  }
  std::vector<int> tokens(prompt.begin(), prompt.end());
  tokens.push_back(tokenizer.no_timestamps);
  tokens.insert(tokens.end(), text.begin(), text.end());
  tokens.push_back(tokenizer.eot);
  if (tokens.size() > dims.text_context || frames < 1 || frames > dims.audio_context) {
    fail<EngineError>("words of ", tokens.size(), " tokens in ", frames,
                      " frames; expected at most ", dims.text_context, " in 1 to ",
                      dims.audio_context);
  }
  AttentionTap tap(model.config.alignment_heads, frames, std::max(tokens.size(), kTokensAtOnce));
  const Listening listening(decoder, tap);
  cache.length = 0;
  decoder.read(std::span(tokens).first(prompt.size()), cache, cancel, {});

  // A token's probability is told behind the one before it.
  Forced forced;
  Matrix logits(kTokensAtOnce, dims.vocabulary);
  for (std::size_t next = prompt.size(); next < tokens.size();) {
    const std::size_t count = std::min(kTokensAtOnce, tokens.size() - next);
    decoder.read(std::span(tokens).subspan(next, count), cache, cancel,
                 {logits.data(), count, dims.vocabulary, dims.vocabulary});
    for (std::size_t r = 0; r < count && forced.probabilities.size() < text.size(); ++r) {
      forced.probabilities.push_back(share(*model.weights.kernels,
                                           {logits.row(r), static_cast<std::size_t>(tokenizer.eot)},
                                           text[forced.probabilities.size()]));
    }
    next += count;
  }
  forced.followed = follow(tap.seen(), prompt.size(), text.size() + 1, pool, cancel);
  return forced;
}

}  // namespace asrbench::speech
