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

void attend_to(const Weights& weights, ConstView states, const PaddedCross* padded, KvCache& cache,
               ThreadPool& pool, Cancel& cancel) {
  const Dims& dims = weights.dims;
  if (states.columns != dims.state || states.rows > dims.audio_context ||
      (!padded && states.rows < dims.audio_context)) {
    fail<OptionError>("states are (", states.rows, ", ", states.columns, "); expected (",
                      dims.audio_context, ", ", dims.state, ")");
  }
  struct Block {  // what one thread needs
    kernels::Operand operand;
    Matrix keys_values;
  };
  std::vector<Block> room;
  for (std::size_t i = 0; i < pool.threads(); ++i) {
    room.push_back(
        {kernels::Operand(kStatesAtOnce, dims.state), Matrix(kStatesAtOnce, 2 * dims.state)});
  }
  const std::size_t size = dims.state / dims.heads;
  const std::size_t blocks = (states.rows + kStatesAtOnce - 1) / kStatesAtOnce;
  pool.run(dims.decoder_layers * blocks, cancel, [&](std::size_t task, std::size_t thread) {
    const kernels::Linear& linear = weights.decoder[task / blocks].cross_key_value;
    const std::size_t first = task % blocks * kStatesAtOnce;
    const std::size_t count = std::min(kStatesAtOnce, states.rows - first);
    auto& [operand, keys_values] = room[thread];
    operand.set(*weights.kernels, {states.row(first), count, dims.state, states.stride}, linear);
    const MatrixView product{keys_values.data(), count, 2 * dims.state, 2 * dims.state};
    linear.multiply(*weights.kernels, operand, product, Activation::kNone);
    for (std::size_t head = 0; head < dims.heads; ++head) {
      const float* const key = product.data + head * size;
      cache.layers[task / blocks].cross.put(head, first, {key, count, size, product.stride},
                                            {key + dims.state, count, size, product.stride});
    }
  });
  pool.run(dims.decoder_layers * dims.heads, cancel, [&](std::size_t task, std::size_t) {
    const std::size_t layer = task / dims.heads;
    KeyValues& cross = cache.layers[layer].cross;
    if (padded) cross.put(task % dims.heads, states.rows, (*padded)[layer]);
    cross.seal(task % dims.heads);
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
      scores_(weights.dims.heads, weights.dims.text_context),
      operand_(1, 4 * weights.dims.state) {
  for (std::size_t thread = 0; thread < pool.threads(); ++thread) {
    attention_.emplace_back(1, weights.dims.audio_context, weights.dims.state / weights.dims.heads);
  }
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
  weights_.embeddings.copy_column(*weights_.kernels, static_cast<std::size_t>(token), x_.data());
  const float* const position = weights_.decoder_positions.data() + cache.length * dims.state;
  for (std::size_t c = 0; c < dims.state; ++c) x_[c] += position[c];

  for (std::size_t i = 0; i < dims.decoder_layers; ++i) {
    attend_to_text(weights_.decoder[i], cache.layers[i], cache.length, cancel);
    attend_to_audio(i, cache.layers[i], cancel);
    feed_forward(weights_.decoder[i], cancel);
  }
  ++cache.length;
  if (logits.empty()) return;
  weights_.decoder_norm.apply(*weights_.kernels, x_.data(), normed_.data());
  multiply(weights_.embeddings, normed_, logits, cancel);
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
  multiply(layer.query_key_value, normed_, query_, cancel);
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
  multiply(layer.self_out, attended_, x_, cancel, Activation::kNone, true);
}

void Decoder::attend_to_audio(std::size_t index, const KvCache::Layer& cached, Cancel& cancel) {
  const kernels::Kernels& kernels = *weights_.kernels;
  const DecoderLayer& layer = weights_.decoder[index];
  const std::size_t size = weights_.dims.state / weights_.dims.heads;
  layer.cross_norm.apply(kernels, x_.data(), normed_.data());
  multiply(layer.cross_query, normed_, query_, cancel);
  pool_.run(weights_.dims.heads, cancel, [&](std::size_t head, std::size_t thread) {
    cached.cross.attend(head, {query_.data() + head * size, 1, size, size},
                        {attended_.data() + head * size, 1, size, size}, attention_[thread],
                        tap_ ? tap_->of(index, head) : MatrixView{});
  });
  multiply(layer.cross_out, attended_, x_, cancel, Activation::kNone, true);
}

void Decoder::feed_forward(const DecoderLayer& layer, Cancel& cancel) {
  layer.ffn_norm.apply(*weights_.kernels, x_.data(), normed_.data());
  multiply(layer.ffn_up, normed_, hidden_, cancel, Activation::kGelu);
  multiply(layer.ffn_down, hidden_, x_, cancel, Activation::kNone, true);
}

// Shares the columns among the threads where there are enough of them.
void Decoder::multiply(const kernels::Linear& linear, const Buffer<float>& x, std::span<float> y,
                       Cancel& cancel, Activation activation, bool add) {
  const kernels::Kernels& kernels = *weights_.kernels;
  const MatrixView into{y.data(), 1, linear.columns(), linear.columns()};
  operand_.set(kernels, {x.data(), 1, linear.depth(), linear.depth()}, linear);
  if (pool_.threads() == 1 || linear.columns() * linear.depth() < kWorthSharing) {
    linear.multiply(kernels, operand_, into, activation, add);
    return;
  }
  const std::size_t panel = kernels.panel;
  const std::size_t share = std::max<std::size_t>(1, kTaskValues / linear.depth() / panel) * panel;
  pool_.run((linear.columns() + share - 1) / share, cancel, [&](std::size_t task, std::size_t) {
    const std::size_t first = task * share;
    linear.multiply(kernels, operand_, into, activation, add, first,
                    std::min(share, linear.columns() - first));
  });
}

}  // namespace asrbench::speech
