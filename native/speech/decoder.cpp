#include "speech/decoder.hpp"

#include <algorithm>
#include <cmath>

#include "core/error.hpp"

namespace asrbench::speech {
namespace {

using kernels::Activation;

constexpr std::size_t kStatesAtOnce = 96;          // of a task: a multiple of every kernel's tile
constexpr std::size_t kTaskValues = 64 * 1024;     // weights of a task: 100 us from memory
constexpr std::size_t kWorthSharing = 128 * 1024;  // weights below which waking a thread costs more

}  // namespace

void attend_to(const Weights& weights, ConstView states, KvCache& cache, ThreadPool& pool,
               Cancel& cancel) {
  const Dims& dims = weights.dims;
  if (states.rows != dims.audio_context || states.columns != dims.state) {
    fail<OptionError>("states are (", states.rows, ", ", states.columns, "); expected (",
                      dims.audio_context, ", ", dims.state, ")");
  }
  const std::size_t blocks = (dims.audio_context + kStatesAtOnce - 1) / kStatesAtOnce;
  pool.run(dims.decoder_layers * blocks, cancel, [&](std::size_t task, std::size_t) {
    const DecoderLayer& layer = weights.decoder[task / blocks];
    KvCache::Layer& cached = cache.layers[task / blocks];
    const std::size_t first = task % blocks * kStatesAtOnce;
    const std::size_t count = std::min(kStatesAtOnce, dims.audio_context - first);
    const ConstView some{states.row(first), count, dims.state, states.stride};
    const std::size_t size = dims.state / dims.heads;
    for (std::size_t head = 0; head < dims.heads; ++head) {
      weights.kernels->gemm(layer.cross_key[head].times(
          some, {cached.cross_key[head].row(first), count, size, size}, Activation::kNone));
      weights.kernels->gemm(layer.cross_value[head].times(
          some, {cached.cross_value[head].row(first), count, size, size}, Activation::kNone));
    }
  });
  cache.length = 0;
}

Decoder::Decoder(const Weights& weights, ThreadPool& pool)
    : weights_(weights),
      pool_(pool),
      x_(weights.dims.state),
      normed_(weights.dims.state),
      query_(3 * weights.dims.state),
      attended_(weights.dims.state),
      hidden_(4 * weights.dims.state),
      scores_(weights.dims.heads, std::max(weights.dims.audio_context, weights.dims.text_context)) {
}

void Decoder::step(int token, KvCache& cache, Cancel& cancel, std::span<float> logits) {
  const Dims& dims = weights_.dims;
  if (token < 0 || static_cast<std::size_t>(token) >= dims.vocabulary) {
    fail<OptionError>("token is ", token, "; expected 0 to ", dims.vocabulary - 1);
  }
  if (cache.length >= dims.text_context) {
    fail<OptionError>("the text has ", cache.length, " tokens already; expected fewer than ",
                      dims.text_context);
  }
  if (!logits.empty() && logits.size() != dims.vocabulary) {
    fail<OptionError>("logits have ", logits.size(), " places; expected ", dims.vocabulary);
  }
  cancel.poll();
  weights_.embeddings.copy_row(static_cast<std::size_t>(token), x_.data());
  const float* const position = weights_.decoder_positions.row(cache.length);
  for (std::size_t c = 0; c < dims.state; ++c) x_[c] += position[c];

  for (std::size_t i = 0; i < dims.decoder_layers; ++i) {
    attend_to_text(weights_.decoder[i], cache.layers[i], cache.length, cancel);
    attend_to_audio(weights_.decoder[i], cache.layers[i], cancel);
    feed_forward(weights_.decoder[i], cancel);
  }
  ++cache.length;
  if (logits.empty()) return;
  weights_.decoder_norm.apply(*weights_.kernels, x_.data(), normed_.data());
  multiply(weights_.embeddings, normed_.data(), logits.data(), nullptr, Activation::kNone, cancel);
  const auto bad =
      std::find_if_not(logits.begin(), logits.end(), [](float x) { return std::isfinite(x); });
  if (bad != logits.end()) {
    fail<EngineError>("the model gives token ", bad - logits.begin(), " the logit ", *bad,
                      "; expected a finite value");
  }
}

void Decoder::attend_to_text(const DecoderLayer& layer, KvCache::Layer& cached,
                             std::size_t position, Cancel& cancel) {
  const kernels::Kernels& kernels = *weights_.kernels;
  const std::size_t state = weights_.dims.state;
  const std::size_t size = state / weights_.dims.heads;
  layer.self_norm.apply(kernels, x_.data(), normed_.data());
  multiply(layer.query_key_value, normed_.data(), query_.data(), nullptr, Activation::kNone,
           cancel);
  std::copy_n(query_.data() + state, state, cached.self_key.row(position));
  std::copy_n(query_.data() + 2 * state, state, cached.self_value.row(position));

  const float scale = 1.0F / std::sqrt(static_cast<float>(size));
  for (std::size_t head = 0; head < weights_.dims.heads; ++head) {
    float* const scores = scores_.row(head);
    kernels.gemv({cached.self_key.data() + head * size, state, query_.data() + head * size, scores,
                  position + 1, size});
    kernels.softmax(scores, scale, position + 1);
    kernels.weighted_sum(scores, cached.self_value.data() + head * size, state,
                         attended_.data() + head * size, position + 1, size);
  }
  multiply(layer.self_out, attended_.data(), x_.data(), x_.data(), Activation::kNone, cancel);
}

void Decoder::attend_to_audio(const DecoderLayer& layer, const KvCache::Layer& cached,
                              Cancel& cancel) {
  const kernels::Kernels& kernels = *weights_.kernels;
  const std::size_t context = weights_.dims.audio_context;
  const std::size_t size = weights_.dims.state / weights_.dims.heads;
  layer.cross_norm.apply(kernels, x_.data(), normed_.data());
  multiply(layer.cross_query, normed_.data(), query_.data(), nullptr, Activation::kNone, cancel);

  const float scale = 1.0F / std::sqrt(static_cast<float>(size));
  pool_.run(weights_.dims.heads, cancel, [&](std::size_t head, std::size_t) {
    float* const scores = scores_.row(head);
    kernels.gemv(
        {cached.cross_key[head].data(), size, query_.data() + head * size, scores, context, size});
    kernels.softmax(scores, scale, context);
    kernels.weighted_sum(scores, cached.cross_value[head].data(), size,
                         attended_.data() + head * size, context, size);
  });
  multiply(layer.cross_out, attended_.data(), x_.data(), x_.data(), Activation::kNone, cancel);
}

void Decoder::feed_forward(const DecoderLayer& layer, Cancel& cancel) {
  layer.ffn_norm.apply(*weights_.kernels, x_.data(), normed_.data());
  multiply(layer.ffn_up, normed_.data(), hidden_.data(), nullptr, Activation::kGelu, cancel);
  multiply(layer.ffn_down, hidden_.data(), x_.data(), x_.data(), Activation::kNone, cancel);
}

// Shares the rows among the threads where there are enough of them.
void Decoder::multiply(const kernels::Rows& rows, const float* x, float* y, const float* residual,
                       Activation activation, Cancel& cancel) {
  const kernels::Kernels& kernels = *weights_.kernels;
  if (rows.rows() * rows.depth() < kWorthSharing) {
    rows.multiply(kernels, x, y, residual, activation, 0, rows.rows());
    return;
  }
  const std::size_t share = std::max<std::size_t>(4, kTaskValues / rows.depth() / 4 * 4);
  pool_.run((rows.rows() + share - 1) / share, cancel, [&](std::size_t task, std::size_t) {
    const std::size_t first = task * share;
    rows.multiply(kernels, x, y, residual, activation, first, std::min(share, rows.rows() - first));
  });
}

}  // namespace asrbench::speech
