#include "speech/weights.hpp"

#include <string>
#include <utility>

#include "core/error.hpp"
#include "speech/log_mel.hpp"
#include "speech/variables.hpp"

namespace asrbench::speech {
namespace {

using kernels::Kernels;
using kernels::Panels;
using kernels::Rows;

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

// Lays out what the variables hold.
class Layout {
 public:
  Layout(Variables& variables, const Kernels& chosen) : variables_(variables), kernels_(chosen) {}

  [[nodiscard]] Matrix matrix(const std::string& name, std::size_t rows, std::size_t columns) {
    const Buffer<float> values = variables_.floats(name, {rows, columns});
    Matrix result(rows, columns);
    std::copy(values.begin(), values.end(), result.data());
    return result;
  }

  [[nodiscard]] Norm norm(const std::string& name, std::size_t state) {
    return {variables_.floats(name + "/gamma", {state}),
            variables_.floats(name + "/beta", {state})};
  }

  [[nodiscard]] Panels panels(const std::string& name, std::size_t out, std::size_t in) {
    const Buffer<float> w = variables_.floats(name + "/weight", {out, in});
    return {kernels_, {w.data(), out, in, in}, variables_.floats(name + "/bias", {out})};
  }

  // A matrix [2 heads x size, state] of keys, then values, head by head.
  [[nodiscard]] std::pair<std::vector<Panels>, std::vector<Panels>> keys_values(
      const std::string& name, const Dims& dims) {
    const Buffer<float> w = variables_.floats(name + "/weight", {2 * dims.state, dims.state});
    const Buffer<float> bias = variables_.floats(name + "/bias", {2 * dims.state});
    const std::size_t size = dims.state / dims.heads;
    std::pair<std::vector<Panels>, std::vector<Panels>> result;
    for (std::size_t head = 0; head < 2 * dims.heads; ++head) {
      auto& half = head < dims.heads ? result.first : result.second;
      half.emplace_back(
          kernels_, ConstView(w.data() + head * size * dims.state, size, dims.state, dims.state),
          std::span<const float>(bias).subspan(head * size, size));
    }
    return result;
  }

  // A convolution [out, in, 3] as a matrix [out, 3 in]: the three frames one after another.
  [[nodiscard]] Panels convolution(const std::string& name, std::size_t out, std::size_t in) {
    constexpr std::size_t kTaps = 3;
    const Buffer<float> w = variables_.floats(name + "/weight", {out, in, kTaps});
    Matrix turned(out, kTaps * in);
    for (std::size_t o = 0; o < out; ++o) {
      for (std::size_t i = 0; i < in; ++i) {
        for (std::size_t tap = 0; tap < kTaps; ++tap) {
          turned.row(o)[tap * in + i] = w[(o * in + i) * kTaps + tap];
        }
      }
    }
    return {kernels_, turned.view(), variables_.floats(name + "/bias", {out})};
  }

  [[nodiscard]] Rows rows(const std::string& name, std::size_t out, std::size_t in) {
    return rows(name + "/weight", out, in, variables_.floats(name + "/bias", {out}));
  }

  [[nodiscard]] Rows rows(const std::string& name, std::size_t out, std::size_t in,
                          std::span<const float> bias) {
    if (variables_.are_halves(name)) return {variables_.halves(name, {out, in}), out, in, bias};
    return {variables_.floats(name, {out, in}), out, in, bias};
  }

  [[nodiscard]] EncoderLayer encoder_layer(const std::string& name, std::size_t state) {
    return {.attention_norm = norm(name + "/self_attention/layer_norm", state),
            .query_key_value = panels(name + "/self_attention/linear_0", 3 * state, state),
            .attention_out = panels(name + "/self_attention/linear_1", state, state),
            .ffn_norm = norm(name + "/ffn/layer_norm", state),
            .ffn_up = panels(name + "/ffn/linear_0", 4 * state, state),
            .ffn_down = panels(name + "/ffn/linear_1", state, 4 * state)};
  }

  [[nodiscard]] DecoderLayer decoder_layer(const std::string& name, const Dims& dims) {
    const std::size_t state = dims.state;
    auto [keys, values] = keys_values(name + "/attention/linear_1", dims);
    return {.self_norm = norm(name + "/self_attention/layer_norm", state),
            .query_key_value = rows(name + "/self_attention/linear_0", 3 * state, state),
            .self_out = rows(name + "/self_attention/linear_1", state, state),
            .cross_norm = norm(name + "/attention/layer_norm", state),
            .cross_query = rows(name + "/attention/linear_0", state, state),
            .cross_key = std::move(keys),
            .cross_value = std::move(values),
            .cross_out = rows(name + "/attention/linear_2", state, state),
            .ffn_norm = norm(name + "/ffn/layer_norm", state),
            .ffn_up = rows(name + "/ffn/linear_0", 4 * state, state),
            .ffn_down = rows(name + "/ffn/linear_1", state, 4 * state)};
  }

 private:
  Variables& variables_;
  const Kernels& kernels_;
};

}  // namespace

Weights load_weights(const Ct2File& file, const Kernels& kernels) {
  Variables variables(file);
  expect_whisper(file, variables);
  const Dims dims = read_dims(variables);
  Layout layout(variables, kernels);
  Weights weights{
      .kernels = &kernels,
      .dims = dims,
      .conv1 = layout.convolution("encoder/conv1", dims.state, dims.bins),
      .conv2 = layout.convolution("encoder/conv2", dims.state, dims.state),
      .encoder_positions =
          layout.matrix("encoder/position_encodings/encodings", dims.audio_context, dims.state),
      .encoder = {},
      .encoder_norm = layout.norm("encoder/layer_norm", dims.state),
      .embeddings = layout.rows("decoder/embeddings/weight", dims.vocabulary, dims.state, {}),
      .decoder_positions =
          layout.matrix("decoder/position_encodings/encodings", dims.text_context, dims.state),
      .decoder = {},
      .decoder_norm = layout.norm("decoder/layer_norm", dims.state),
  };
  for (std::size_t i = 0; i < dims.encoder_layers; ++i) {
    weights.encoder.push_back(
        layout.encoder_layer("encoder/layer_" + std::to_string(i), dims.state));
  }
  for (std::size_t i = 0; i < dims.decoder_layers; ++i) {
    weights.decoder.push_back(layout.decoder_layer("decoder/layer_" + std::to_string(i), dims));
  }
  variables.expect_all_used();
  return weights;
}

}  // namespace asrbench::speech
