#include "speech/decoder.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>

#include "core/error.hpp"

namespace asrbench::speech {
namespace {

using kernels::Activation;

constexpr std::size_t kStatesAtOnce = 96;       // of a task: a multiple of every kernel's tile
constexpr std::size_t kTaskValues = 64 * 1024;  // weights of a task: 100 us from memory
constexpr std::size_t kWorthSharing =
    128 * 1024;                           // products below which waking a thread costs more
constexpr std::size_t kTokensAtOnce = 8;  // of a prompt

// Throws EngineError unless all are finite.
void expect_finite(std::span<const float> logits) {
  std::int32_t largest = 0;  // bits without the sign: beyond those of infinity are NaNs
  for (const float x : logits) {
    largest = std::max(largest, std::bit_cast<std::int32_t>(x) & 0x7fffffff);
  }
  if (largest < 0x7f800000) return;
  const auto bad =
      std::find_if_not(logits.begin(), logits.end(), [](float x) { return std::isfinite(x); });
  fail<EngineError>("the model gives token ", bad - logits.begin(), " the logit ", *bad,
                    "; expected a finite value");
}

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

Decoder::Decoder(const Weights& weights, ThreadPool& pool, std::size_t lanes)
    : weights_(weights),
      pool_(pool),
      places_(std::max(lanes, kTokensAtOnce)),
      x_(places_.size(), weights.dims.state),
      normed_(places_.size(), weights.dims.state),
      query_(places_.size(), 3 * weights.dims.state),
      attended_(places_.size(), weights.dims.state),
      hidden_(places_.size(), 4 * weights.dims.state),
      scores_(pool.threads(), weights.dims.text_context),
      part_(pool.threads(), weights.dims.state / weights.dims.heads),
      operand_(places_.size(), 4 * weights.dims.state) {
  for (std::size_t thread = 0; thread < pool.threads(); ++thread) {
    attention_.emplace_back(places_.size(), weights.dims.audio_context,
                            weights.dims.state / weights.dims.heads);
  }
}

void Decoder::step(std::span<const int> tokens, KvCache& cache, Cancel& cancel, MatrixView logits) {
  if (tokens.size() > std::min(places_.size(), cache.lanes())) {
    fail<OptionError>(tokens.size(), " tokens for ", std::min(places_.size(), cache.lanes()),
                      " lanes; expected at most one a lane");
  }
  check(tokens, 1, cache, logits);
  for (std::size_t lane = 0; lane < tokens.size(); ++lane) {
    places_[lane].token = tokens[lane];
    places_[lane].lane = lane;
    places_[lane].position = cache.length;
  }
  advance(std::span(places_).first(tokens.size()), cache, cancel, logits);
  ++cache.length;
}

void Decoder::read(std::span<const int> tokens, KvCache& cache, Cancel& cancel, MatrixView logits) {
  check(tokens, tokens.size(), cache, logits);
  for (std::size_t first = 0; first < tokens.size(); first += kTokensAtOnce) {
    const std::size_t count = std::min(kTokensAtOnce, tokens.size() - first);
    for (std::size_t i = 0; i < count; ++i) {
      places_[i].token = tokens[first + i];
      places_[i].lane = 0;
      places_[i].position = cache.length + i;
    }
    // Of the rows that are asked for, those that are among these tokens.
    const std::size_t asked_from = tokens.size() - logits.rows;
    const std::size_t from = std::clamp(asked_from, first, first + count);
    const std::size_t at = from - asked_from;
    MatrixView some{logits.data, first + count - from, logits.columns, logits.stride};
    if (some.rows > 0) some.data = logits.row(at);
    advance(std::span(places_).first(count), cache, cancel, some);
    cache.length += count;
  }
}

void Decoder::check(std::span<const int> tokens, std::size_t positions, const KvCache& cache,
                    MatrixView logits) const {
  const Dims& dims = weights_.dims;
  for (const int token : tokens) {
    if (token < 0 || static_cast<std::size_t>(token) >= dims.vocabulary) {
      fail<OptionError>("token is ", token, "; expected 0 to ", dims.vocabulary - 1);
    }
  }
  if (cache.length >= dims.text_context) {
    fail<OptionError>("the text has ", cache.length, " tokens already; expected fewer than ",
                      dims.text_context);
  }
  if (cache.length + positions > dims.text_context) {
    fail<OptionError>(positions, " tokens for a text of ", cache.length, "; expected at most ",
                      dims.text_context - cache.length);
  }
  if (logits.rows > 0 && logits.columns != dims.vocabulary) {
    fail<OptionError>("logits have ", logits.columns, " places; expected ", dims.vocabulary);
  }
  if (logits.rows > tokens.size()) {
    fail<OptionError>("logits have ", logits.rows, " rows; expected at most ", tokens.size());
  }
}

// The logits are those behind the last places, as many as they have rows.
void Decoder::advance(std::span<Place> places, KvCache& cache, Cancel& cancel, MatrixView logits) {
  const Dims& dims = weights_.dims;
  const std::size_t rows = places.size();
  cancel.poll();
  for (std::size_t r = 0; r < rows; ++r) {
    Place& place = places[r];
    float* const x = x_.row(r);
    weights_.embeddings.copy_column(*weights_.kernels, static_cast<std::size_t>(place.token), x);
    const float* const position = weights_.decoder_positions.data() + place.position * dims.state;
    for (std::size_t c = 0; c < dims.state; ++c) x[c] += position[c];
    cache.claim(place.lane, place.position);
    cache.runs(place.lane, place.position + 1, place.runs);
  }
  for (std::size_t i = 0; i < dims.decoder_layers; ++i) {
    attend_to_text(weights_.decoder[i], cache.layers[i], places, cancel);
    attend_to_audio(weights_.decoder[i], cache.layers[i], rows, cancel);
    feed_forward(weights_.decoder[i], rows, cancel);
  }
  if (logits.rows == 0) return;
  for (std::size_t r = rows - logits.rows; r < rows; ++r) {
    weights_.decoder_norm.apply(*weights_.kernels, x_.row(r), normed_.row(r));
  }
  multiply(weights_.embeddings,
           {normed_.row(rows - logits.rows), logits.rows, dims.state, dims.state}, logits, cancel);
  for (std::size_t r = 0; r < logits.rows; ++r) expect_finite({logits.row(r), dims.vocabulary});
}

void Decoder::attend_to_text(const DecoderLayer& layer, KvCache::Layer& cached,
                             std::span<const Place> places, Cancel& cancel) {
  const kernels::Kernels& kernels = *weights_.kernels;
  const std::size_t state = weights_.dims.state;
  const std::size_t size = state / weights_.dims.heads;
  const std::size_t rows = places.size();
  for (std::size_t r = 0; r < rows; ++r) {
    layer.self_norm.apply(kernels, x_.row(r), normed_.row(r));
  }
  multiply(layer.query_key_value, {normed_.data(), rows, state, state},
           {query_.data(), rows, 3 * state, 3 * state}, cancel);
  for (std::size_t r = 0; r < rows; ++r) {
    const KvCache::Run& last = places[r].runs.back();
    const std::size_t own = last.row + last.count - 1;
    std::copy_n(query_.row(r) + state, state, cached.self_key.row(own));
    std::copy_n(query_.row(r) + 2 * state, state, cached.self_value.row(own));
  }

  const float scale = 1.0F / std::sqrt(static_cast<float>(size));
  const auto attend = [&](std::size_t r, std::size_t thread) {
    const std::vector<KvCache::Run>& runs = places[r].runs;
    float* const scores = scores_.row(thread);
    for (std::size_t head = 0; head < weights_.dims.heads; ++head) {
      for (const KvCache::Run& run : runs) {
        kernels.gemv({cached.self_key.row(run.row) + head * size, state,
                      query_.row(r) + head * size, scores + run.first, run.count, size});
      }
      kernels.softmax(scores, scale, places[r].position + 1);
      float* const out = attended_.row(r) + head * size;
      for (const KvCache::Run& run : runs) {
        float* const into = run.first == 0 ? out : part_.row(thread);
        kernels.weighted_sum(scores + run.first, cached.self_value.row(run.row) + head * size,
                             state, into, run.count, size);
        for (std::size_t c = 0; c < size && into != out; ++c) out[c] += into[c];
      }
    }
  };
  if (rows == 1) {
    attend(0, 0);
  } else {
    pool_.run(rows, cancel, attend);
  }
  multiply(layer.self_out, {attended_.data(), rows, state, state}, {x_.data(), rows, state, state},
           cancel, Activation::kNone, true);
}

void Decoder::attend_to_audio(const DecoderLayer& layer, const KvCache::Layer& cached,
                              std::size_t rows, Cancel& cancel) {
  const kernels::Kernels& kernels = *weights_.kernels;
  const std::size_t state = weights_.dims.state;
  const std::size_t size = state / weights_.dims.heads;
  for (std::size_t r = 0; r < rows; ++r) {
    layer.cross_norm.apply(kernels, x_.row(r), normed_.row(r));
  }
  multiply(layer.cross_query, {normed_.data(), rows, state, state},
           {query_.data(), rows, state, state}, cancel);
  pool_.run(weights_.dims.heads, cancel, [&](std::size_t head, std::size_t thread) {
    cached.cross.attend(head, {query_.data() + head * size, rows, size, state},
                        {attended_.data() + head * size, rows, size, state}, attention_[thread]);
  });
  multiply(layer.cross_out, {attended_.data(), rows, state, state}, {x_.data(), rows, state, state},
           cancel, Activation::kNone, true);
}

void Decoder::feed_forward(const DecoderLayer& layer, std::size_t rows, Cancel& cancel) {
  const std::size_t state = weights_.dims.state;
  for (std::size_t r = 0; r < rows; ++r) {
    layer.ffn_norm.apply(*weights_.kernels, x_.row(r), normed_.row(r));
  }
  const MatrixView hidden{hidden_.data(), rows, 4 * state, 4 * state};
  multiply(layer.ffn_up, {normed_.data(), rows, state, state}, hidden, cancel, Activation::kGelu);
  multiply(layer.ffn_down, hidden, {x_.data(), rows, state, state}, cancel, Activation::kNone,
           true);
}

// Shares the columns among the threads where there are enough of them.
void Decoder::multiply(const kernels::Linear& linear, ConstView x, MatrixView y, Cancel& cancel,
                       Activation activation, bool add) {
  const kernels::Kernels& kernels = *weights_.kernels;
  operand_.set(kernels, x, linear);
  if (pool_.threads() == 1 || x.rows * linear.columns() * linear.depth() < kWorthSharing) {
    linear.multiply(kernels, operand_, y, activation, add);
    return;
  }
  const std::size_t panel = kernels.panel;
  const std::size_t share = std::max<std::size_t>(1, kTaskValues / linear.depth() / panel) * panel;
  pool_.run((linear.columns() + share - 1) / share, cancel, [&](std::size_t task, std::size_t) {
    const std::size_t first = task * share;
    linear.multiply(kernels, operand_, y, activation, add, first,
                    std::min(share, linear.columns() - first));
  });
}

}  // namespace asrbench::speech
