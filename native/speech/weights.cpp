#include "speech/weights.hpp"

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

#include "core/error.hpp"
#include "speech/log_mel.hpp"
#include "speech/variables.hpp"

namespace asrbench::speech {
namespace {

using kernels::Kernels;
using kernels::Linear;
using kernels::Precision;

std::size_t count_layers(const Variables& variables, const std::string& coder) {
  std::size_t count = 0;
  while (variables.has(coder + "/layer_" + std::to_string(count) + "/ffn/layer_norm/gamma")) {
    ++count;
  }
  if (count == 0) fail<ModelError>("model.bin: ", coder, " has no layer_0; expected a layer");
  return count;
}

Dims read_dims(Variables& variables) {
  Dims dims{};
  const auto conv = variables.shape("encoder/conv1/weight", 3);
  dims.bins = conv[1];
  dims.state = conv[0];
  dims.audio_context = variables.shape("encoder/position_encodings/encodings", 2)[0];
  dims.text_context = variables.shape("decoder/position_encodings/encodings", 2)[0];
  dims.vocabulary = variables.shape("decoder/embeddings/weight", 2)[0];
  dims.encoder_layers = count_layers(variables, "encoder");
  dims.decoder_layers = count_layers(variables, "decoder");
  if (dims.bins > kMaxBins) {
    fail<ModelError>("model.bin: encoder/conv1/weight has ", dims.bins,
                     " input channels; expected at most ", kMaxBins, " mel bins");
  }
  const long heads = variables.scalar("encoder/num_heads");
  if (heads < 1 || dims.state % static_cast<std::size_t>(heads) != 0) {
    fail<ModelError>("model.bin: encoder/num_heads is ", heads, "; expected a divisor of ",
                     dims.state);
  }
  dims.heads = static_cast<std::size_t>(heads);
  if (const long others = variables.scalar("decoder/num_heads"); others != heads) {
    fail<ModelError>("model.bin: decoder/num_heads is ", others, "; expected the encoder's ",
                     heads);
  }
  return dims;
}

void expect_whisper(const Ct2File& file, Variables& variables) {
  if (file.spec() != "WhisperSpec") {
    fail<ModelError>("model.bin: specification is ", file.spec(), "; expected WhisperSpec");
  }
  if (file.revision() != 3) {
    fail<ModelError>("model.bin: revision is ", file.revision(), "; expected 3");
  }
  constexpr long kGelu = 3;  // CTranslate2's ActivationType
  variables.expect("decoder/activation", kGelu);
  variables.expect("decoder/pre_norm", 1);
  variables.expect("decoder/scale_embeddings", 0);
  variables.expect("decoder/alibi", 0);
  variables.expect("decoder/start_from_zero_embedding", 0);
  variables.pass("decoder/alignment_heads");
  variables.pass("decoder/alignment_layer");
  if (variables.any(Dtype::kFloat16) && variables.any(Dtype::kBfloat16)) {
    fail<ModelError>("model.bin has variables of float16 and of bfloat16; expected one of them");
  }
}

// Lays out what the variables hold; without variables it finds everything in the store.
class Layout {
 public:
  Layout(Variables* variables, Weights& weights) : variables_(variables), weights_(weights) {}

  void fill() {
    const Dims& dims = weights_.dims;
    weights_.conv1 = convolution("encoder/conv1", dims.state, dims.bins, Precision::kFloat32);
    weights_.conv2 = convolution("encoder/conv2", dims.state, dims.state, weights_.precision);
    weights_.encoder_positions =
        floats("encoder/position_encodings/encodings", {dims.audio_context, dims.state});
    weights_.encoder_norm = norm("encoder", "/layer_norm");
    weights_.embeddings = one_row("decoder/embeddings/weight", dims.vocabulary, dims.state, {});
    weights_.decoder_positions =
        floats("decoder/position_encodings/encodings", {dims.text_context, dims.state});
    weights_.decoder_norm = norm("decoder", "/layer_norm");
    for (std::size_t i = 0; i < dims.encoder_layers; ++i) {
      weights_.encoder.push_back(encoder_layer("encoder/layer_" + std::to_string(i)));
    }
    for (std::size_t i = 0; i < dims.decoder_layers; ++i) {
      weights_.decoder.push_back(decoder_layer("decoder/layer_" + std::to_string(i)));
    }
  }

 private:
  std::span<const float> floats(std::string_view name, const Variables::Shape& shape) {
    const Variable* const found = find(name, shape);
    std::size_t count = 1;
    for (const std::size_t size : shape) count *= size;
    return weights_.store.array<float>(
        count, [&](float* into) { variables_->floats(*found, {into, count}); });
  }

  // A name put together of its parts, good until the next one is: most are too long for a string
  // without memory of its own, and a model has hundreds of them.
  std::string_view join(std::initializer_list<std::string_view> parts) {
    name_.clear();
    for (const std::string_view part : parts) name_ += part;
    return name_;
  }

  Norm norm(std::string_view owner, std::string_view part) {
    const std::size_t state = weights_.dims.state;
    const auto gamma = floats(join({owner, part, "/gamma"}), {state});
    return {gamma, floats(join({owner, part, "/beta"}), {state})};
  }

  // Before memory is asked for, a file has to have what fills it. Null where the store is mapped.
  const Variable* find(std::string_view name, const Variables::Shape& shape) {
    return variables_ ? &variables_->find(name, shape) : nullptr;
  }

  // For products with many rows.
  Linear many_rows(std::size_t out, std::size_t in, const Linear::Weights& weights,
                   std::span<const float> bias, Precision precision) {
    const Kernels& kernels = *weights_.kernels;
    if (precision == Precision::kFloat32) {
      return Linear::panels(kernels, weights_.store, out, in, weights, bias);
    }
    return Linear::ints(kernels, weights_.store, out, in, weights, bias, precision);
  }

  Linear many_rows(std::string_view layer, std::string_view part, std::size_t out, std::size_t in,
                   Precision precision) {
    const Variable* const weight = find(join({layer, part, "/weight"}), {out, in});
    const auto bias = floats(join({layer, part, "/bias"}), {out});
    const auto weights = [this, weight] { return variables_->floats(*weight); };
    return many_rows(out, in, weights, bias, precision);
  }

  // A convolution [out, in, 3] as a matrix [out, 3 in]: the three frames one after another.
  Linear convolution(std::string_view name, std::size_t out, std::size_t in, Precision precision) {
    constexpr std::size_t kTaps = 3;
    const Variable* const weight = find(join({name, "/weight"}), {out, in, kTaps});
    const auto bias = floats(join({name, "/bias"}), {out});
    const auto turned = [&] {
      const Buffer<float> w = variables_->floats(*weight);
      Buffer<float> result(w.size());
      for (std::size_t o = 0; o < out; ++o) {
        for (std::size_t i = 0; i < in; ++i) {
          for (std::size_t tap = 0; tap < kTaps; ++tap) {
            result[(o * kTaps + tap) * in + i] = w[(o * in + i) * kTaps + tap];
          }
        }
      }
      return result;
    };
    return many_rows(out, kTaps * in, turned, bias, precision);
  }

  // For products with one row.
  Linear one_row(std::string_view name, std::size_t out, std::size_t in,
                 std::span<const float> bias) {
    const Variable* const weight = find(name, {out, in});
    const auto weights = [this, weight] { return variables_->floats(*weight); };
    const Precision precision = weights_.decoder_precision();
    if (precision != Precision::kFloat32) {
      const bool even = bias.empty();  // the embeddings
      return Linear::ints(*weights_.kernels, weights_.store, out, in, weights, bias, precision,
                          even);
    }
    if (weight->dtype != Dtype::kFloat16) {
      return Linear::rows(weights_.store, out, in, weights, bias);
    }
    return Linear::rows(weights_.store, out, in, Variables::halves(*weight), bias);
  }

  Linear one_row(std::string_view layer, std::string_view part, std::size_t out, std::size_t in) {
    const auto bias = floats(join({layer, part, "/bias"}), {out});
    return one_row(join({layer, part, "/weight"}), out, in, bias);
  }

  EncoderLayer encoder_layer(std::string_view name) {
    const std::size_t state = weights_.dims.state;
    const Precision precision = weights_.precision;
    return {
        .attention_norm = norm(name, "/self_attention/layer_norm"),
        .query_key_value = many_rows(name, "/self_attention/linear_0", 3 * state, state, precision),
        .attention_out = many_rows(name, "/self_attention/linear_1", state, state, precision),
        .ffn_norm = norm(name, "/ffn/layer_norm"),
        .ffn_up = many_rows(name, "/ffn/linear_0", 4 * state, state, precision),
        .ffn_down = many_rows(name, "/ffn/linear_1", state, 4 * state, precision)};
  }

  DecoderLayer decoder_layer(std::string_view name) {
    const std::size_t state = weights_.dims.state;
    return {.self_norm = norm(name, "/self_attention/layer_norm"),
            .query_key_value = one_row(name, "/self_attention/linear_0", 3 * state, state),
            .self_out = one_row(name, "/self_attention/linear_1", state, state),
            .cross_norm = norm(name, "/attention/layer_norm"),
            .cross_query = one_row(name, "/attention/linear_0", state, state),
            .cross_key_value =
                many_rows(name, "/attention/linear_1", 2 * state, state, weights_.precision),
            .cross_out = one_row(name, "/attention/linear_2", state, state),
            .ffn_norm = norm(name, "/ffn/layer_norm"),
            .ffn_up = one_row(name, "/ffn/linear_0", 4 * state, state),
            .ffn_down = one_row(name, "/ffn/linear_1", state, 4 * state)};
  }

  Variables* variables_;
  Weights& weights_;
  std::string name_;
};

Weights empty_weights(const Kernels& kernels, Precision precision) {
  Weights weights{};
  weights.kernels = &kernels;
  weights.precision = precision;
  return weights;
}

}  // namespace

Weights load_weights(const Ct2File& file, const Kernels& kernels, Precision precision) {
  Variables variables(file);
  expect_whisper(file, variables);
  Weights weights = empty_weights(kernels, precision);
  weights.dims = read_dims(variables);
  Layout(&variables, weights).fill();
  variables.expect_all_used();
  return weights;
}

Weights map_weights(Store store, const Dims& dims, const Kernels& kernels, Precision precision) {
  Weights weights = empty_weights(kernels, precision);
  weights.store = std::move(store);
  weights.dims = dims;
  Layout(nullptr, weights).fill();
  return weights;
}

}  // namespace asrbench::speech
