#include "speech/weights.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <functional>
#include <initializer_list>
#include <set>
#include <sstream>
#include <string>
#include <utility>

#include "core/error.hpp"
#include "core/half.hpp"
#include "speech/log_mel.hpp"

namespace asrbench::speech {
namespace {

using kernels::Panels;
using kernels::Rows;
using Shape = std::vector<std::uint32_t>;

std::string text_of(const Shape& shape) {
  std::ostringstream text;
  text << "(";
  for (std::size_t i = 0; i < shape.size(); ++i) text << (i ? ", " : "") << shape[i];
  text << ")";
  return text.str();
}

Shape shape_of(std::initializer_list<std::size_t> dims) { return Shape(dims.begin(), dims.end()); }

template <class Stored>
Stored stored(const Variable& variable, std::size_t i) {
  Stored value;
  std::memcpy(&value, variable.data.data() + i * sizeof value, sizeof value);
  return value;
}

float value_at(const Variable& variable, std::size_t i) {
  switch (variable.dtype) {
    case Dtype::kFloat32:
      return stored<float>(variable, i);
    case Dtype::kFloat16:
      return half_to_float(stored<std::uint16_t>(variable, i));
    case Dtype::kBfloat16:
      return bfloat_to_float(stored<std::uint16_t>(variable, i));
    case Dtype::kInt8:
      return stored<std::int8_t>(variable, i);
    case Dtype::kInt16:
      return stored<std::int16_t>(variable, i);
    case Dtype::kInt32:
      return static_cast<float>(stored<std::int32_t>(variable, i));
  }
  fail<ModelError>("model.bin: ", variable.name, " has an unknown dtype");
}

// Finds variables by name and hands them out as what their place asks for.
class Loader {
 public:
  Loader(const Ct2File& file, const kernels::Kernels& chosen) : file_(file), kernels_(chosen) {}

  [[nodiscard]] bool has(const std::string& name) const { return file_.find(name) != nullptr; }

  [[nodiscard]] const Variable& variable(const std::string& name, std::size_t rank) const {
    const Variable* found = file_.find(name);
    used_.insert(name);
    if (!found) fail<ModelError>("model.bin: expected a variable ", name, ", found none");
    if (found->shape.size() != rank) {
      fail<ModelError>("model.bin: offset ", found->offset, ": ", name, " has shape ",
                       text_of(found->shape), "; expected rank ", rank);
    }
    return *found;
  }

  [[nodiscard]] const Variable& variable(const std::string& name, const Shape& shape) const {
    const Variable& found = variable(name, shape.size());
    if (found.shape != shape) {
      fail<ModelError>("model.bin: offset ", found.offset, ": ", name, " has shape ",
                       text_of(found.shape), "; expected ", text_of(shape));
    }
    return found;
  }

  // A scalar that steers the computation.
  [[nodiscard]] long scalar(const std::string& name) const {
    const Variable& found = variable(name, 0);
    if (found.dtype == Dtype::kFloat32 || found.dtype == Dtype::kFloat16 ||
        found.dtype == Dtype::kBfloat16) {
      fail<ModelError>("model.bin: offset ", found.offset, ": ", name, " is ", name_of(found.dtype),
                       "; expected an integer");
    }
    return static_cast<long>(value_at(found, 0));
  }

  void expect(const std::string& name, long value) const {
    if (has(name) && scalar(name) != value) {
      fail<ModelError>("model.bin: ", name, " is ", scalar(name), "; expected ", value);
    }
  }

  // What may be there and changes nothing that we compute.
  void pass(const std::string& name) const { used_.insert(name); }

  // Throws ModelError for a variable that nobody asked for: it might mean another computation.
  void expect_all_used() const {
    for (const Variable& variable : file_.variables()) {
      if (!used_.contains(variable.name)) {
        fail<ModelError>("model.bin: offset ", variable.offset, ": ", variable.name,
                         " is no variable of a Whisper model of these sizes");
      }
    }
    for (const auto& [alias, name] : file_.aliases()) {
      if (alias != "decoder/projection/weight" || name != "decoder/embeddings/weight") {
        fail<ModelError>("model.bin: alias ", alias, " stands for ", name,
                         "; expected decoder/projection/weight for decoder/embeddings/weight");
      }
    }
  }

  [[nodiscard]] Buffer<float> floats(const std::string& name, const Shape& shape) const {
    const Variable& found = variable(name, shape);
    const bool quantised = found.dtype == Dtype::kInt8 || found.dtype == Dtype::kInt16;
    if (found.dtype == Dtype::kInt32) {
      fail<ModelError>("model.bin: offset ", found.offset, ": ", name,
                       " is int32; expected weights");
    }
    Buffer<float> values(found.size());
    for (std::size_t i = 0; i < values.size(); ++i) values[i] = value_at(found, i);
    if (quantised) widen(name, found, values);
    for (std::size_t i = 0; i < values.size(); ++i) {
      if (!std::isfinite(values[i])) {
        fail<ModelError>("model.bin: offset ", found.offset, ": value ", i, " of ", name, " is ",
                         values[i], "; expected a finite value");
      }
    }
    return values;
  }

  [[nodiscard]] Matrix matrix(const std::string& name, std::size_t rows,
                              std::size_t columns) const {
    const Buffer<float> values = floats(name, shape_of({rows, columns}));
    Matrix result(rows, columns);
    std::copy(values.begin(), values.end(), result.data());
    return result;
  }

  [[nodiscard]] Norm norm(const std::string& name, std::size_t state) const {
    return {floats(name + "/gamma", shape_of({state})), floats(name + "/beta", shape_of({state}))};
  }

  [[nodiscard]] Panels panels(const std::string& name, std::size_t out, std::size_t in) const {
    const Buffer<float> w = floats(name + "/weight", shape_of({out, in}));
    return {kernels_, {w.data(), out, in, in}, floats(name + "/bias", shape_of({out}))};
  }

  // The rows of a matrix [parts x heads x size, in] that belong to one part, head by head.
  [[nodiscard]] std::vector<Panels> heads(const std::string& name, std::size_t parts,
                                          std::size_t part, std::size_t count,
                                          std::size_t state) const {
    const Buffer<float> w = floats(name + "/weight", shape_of({parts * state, state}));
    const Buffer<float> bias = floats(name + "/bias", shape_of({parts * state}));
    const std::size_t size = state / count;
    std::vector<Panels> result;
    for (std::size_t head = 0; head < count; ++head) {
      const std::size_t first = part * state + head * size;
      result.emplace_back(kernels_, ConstView(w.data() + first * state, size, state, state),
                          std::span<const float>(bias).subspan(first, size));
    }
    return result;
  }

  // A convolution [out, in, 3] as a matrix [out, 3 in]: the three frames one after another.
  [[nodiscard]] Panels convolution(const std::string& name, std::size_t out, std::size_t in) const {
    const Buffer<float> w = floats(name + "/weight", shape_of({out, in, kTaps}));
    Buffer<float> turned(w.size());
    for (std::size_t o = 0; o < out; ++o) {
      for (std::size_t i = 0; i < in; ++i) {
        for (std::size_t tap = 0; tap < kTaps; ++tap) {
          turned[(o * kTaps + tap) * in + i] = w[(o * in + i) * kTaps + tap];
        }
      }
    }
    const std::size_t depth = kTaps * in;
    return {kernels_, {turned.data(), out, depth, depth}, floats(name + "/bias", shape_of({out}))};
  }

  [[nodiscard]] Rows rows(const std::string& name, std::size_t out, std::size_t in) const {
    return rows(name + "/weight", out, in, floats(name + "/bias", shape_of({out})));
  }

  [[nodiscard]] Rows rows(const std::string& name, std::size_t out, std::size_t in,
                          std::span<const float> bias) const {
    const Variable& found = variable(name, shape_of({out, in}));
    if (found.dtype != Dtype::kFloat16) return {floats(name, found.shape), out, in, bias};
    Buffer<std::uint16_t> halves(found.size());
    std::memcpy(halves.data(), found.data.data(), found.data.size());
    constexpr std::uint16_t kSpecial = 0x7c00;  // the exponent of infinity and NaN
    for (std::size_t i = 0; i < halves.size(); ++i) {
      if ((halves[i] & kSpecial) == kSpecial) {
        fail<ModelError>("model.bin: offset ", found.offset, ": value ", i, " of ", name, " is ",
                         half_to_float(halves[i]), "; expected a finite value");
      }
    }
    return {std::move(halves), out, in, bias};
  }

 private:
  static constexpr std::size_t kTaps = 3;

  // Quantised weights: a value is q / scale, with one scale a row (int8) or in all (int16).
  void widen(const std::string& name, const Variable& found, Buffer<float>& values) const {
    const std::size_t rows = found.dtype == Dtype::kInt8 ? found.shape.at(0) : 1;
    const std::string scale_name = name + "_scale";
    const Shape shape = found.dtype == Dtype::kInt8 ? shape_of({rows}) : Shape{};
    const Buffer<float> scale = floats(scale_name, shape);
    const std::size_t width = values.size() / rows;
    for (std::size_t i = 0; i < values.size(); ++i) values[i] /= scale[i / width];
  }

  const Ct2File& file_;
  const kernels::Kernels& kernels_;
  mutable std::set<std::string, std::less<>> used_;
};

std::size_t layers(const Loader& loader, const std::string& coder) {
  std::size_t count = 0;
  while (loader.has(coder + "/layer_" + std::to_string(count) + "/ffn/layer_norm/gamma")) ++count;
  if (count == 0) fail<ModelError>("model.bin: ", coder, " has no layer_0; expected a layer");
  return count;
}

std::size_t heads(const Loader& loader, const std::string& coder, std::size_t state) {
  const long count = loader.scalar(coder + "/num_heads");
  if (count < 1 || state % static_cast<std::size_t>(count) != 0) {
    fail<ModelError>("model.bin: ", coder, "/num_heads is ", count, "; expected a divisor of ",
                     state);
  }
  return static_cast<std::size_t>(count);
}

Dims read_dims(const Loader& loader) {
  Dims dims{};
  const Shape conv = loader.variable("encoder/conv1/weight", 3).shape;
  const Shape embeddings = loader.variable("decoder/embeddings/weight", 2).shape;
  dims.bins = conv[1];
  dims.state = conv[0];
  dims.audio_context = loader.variable("encoder/position_encodings/encodings", 2).shape[0];
  dims.text_context = loader.variable("decoder/position_encodings/encodings", 2).shape[0];
  dims.vocabulary = embeddings[0];
  dims.encoder_heads = heads(loader, "encoder", dims.state);
  dims.decoder_heads = heads(loader, "decoder", dims.state);
  dims.encoder_layers = layers(loader, "encoder");
  dims.decoder_layers = layers(loader, "decoder");
  if (dims.bins > kMaxBins) {
    fail<ModelError>("model.bin: encoder/conv1/weight has ", dims.bins,
                     " input channels; expected at most ", kMaxBins, " mel bins");
  }
  return dims;
}

void expect_whisper(const Ct2File& file, const Loader& loader) {
  if (file.spec() != "WhisperSpec") {
    fail<ModelError>("model.bin: specification is ", file.spec(), "; expected WhisperSpec");
  }
  if (file.revision() != 3) {
    fail<ModelError>("model.bin: revision is ", file.revision(), "; expected 3");
  }
  constexpr long kGelu = 3;  // CTranslate2's ActivationType
  loader.expect("decoder/activation", kGelu);
  loader.expect("decoder/pre_norm", 1);
  loader.expect("decoder/scale_embeddings", 0);
  loader.expect("decoder/alibi", 0);
  loader.expect("decoder/start_from_zero_embedding", 0);
  loader.pass("decoder/alignment_heads");
  loader.pass("decoder/alignment_layer");
  const auto holds = [&](Dtype dtype) {
    return std::any_of(file.variables().begin(), file.variables().end(),
                       [=](const Variable& variable) { return variable.dtype == dtype; });
  };
  if (holds(Dtype::kFloat16) && holds(Dtype::kBfloat16)) {
    fail<ModelError>("model.bin has variables of float16 and of bfloat16; expected one of them");
  }
}

EncoderLayer encoder_layer(const Loader& loader, const std::string& name, std::size_t state) {
  return {.attention_norm = loader.norm(name + "/self_attention/layer_norm", state),
          .query_key_value = loader.panels(name + "/self_attention/linear_0", 3 * state, state),
          .attention_out = loader.panels(name + "/self_attention/linear_1", state, state),
          .ffn_norm = loader.norm(name + "/ffn/layer_norm", state),
          .ffn_up = loader.panels(name + "/ffn/linear_0", 4 * state, state),
          .ffn_down = loader.panels(name + "/ffn/linear_1", state, 4 * state)};
}

DecoderLayer decoder_layer(const Loader& loader, const std::string& name, const Dims& dims) {
  const std::size_t state = dims.state;
  const std::string keys_values = name + "/attention/linear_1";
  return {.self_norm = loader.norm(name + "/self_attention/layer_norm", state),
          .query_key_value = loader.rows(name + "/self_attention/linear_0", 3 * state, state),
          .self_out = loader.rows(name + "/self_attention/linear_1", state, state),
          .cross_norm = loader.norm(name + "/attention/layer_norm", state),
          .cross_query = loader.rows(name + "/attention/linear_0", state, state),
          .cross_key = loader.heads(keys_values, 2, 0, dims.decoder_heads, state),
          .cross_value = loader.heads(keys_values, 2, 1, dims.decoder_heads, state),
          .cross_out = loader.rows(name + "/attention/linear_2", state, state),
          .ffn_norm = loader.norm(name + "/ffn/layer_norm", state),
          .ffn_up = loader.rows(name + "/ffn/linear_0", 4 * state, state),
          .ffn_down = loader.rows(name + "/ffn/linear_1", state, 4 * state)};
}

}  // namespace

Weights load_weights(const Ct2File& file, const kernels::Kernels& kernels) {
  const Loader loader(file, kernels);
  expect_whisper(file, loader);
  const Dims dims = read_dims(loader);
  Weights weights{
      .kernels = &kernels,
      .dims = dims,
      .conv1 = loader.convolution("encoder/conv1", dims.state, dims.bins),
      .conv2 = loader.convolution("encoder/conv2", dims.state, dims.state),
      .encoder_positions =
          loader.matrix("encoder/position_encodings/encodings", dims.audio_context, dims.state),
      .encoder = {},
      .encoder_norm = loader.norm("encoder/layer_norm", dims.state),
      .embeddings = loader.rows("decoder/embeddings/weight", dims.vocabulary, dims.state, {}),
      .decoder_positions =
          loader.matrix("decoder/position_encodings/encodings", dims.text_context, dims.state),
      .decoder = {},
      .decoder_norm = loader.norm("decoder/layer_norm", dims.state),
  };
  for (std::size_t i = 0; i < dims.encoder_layers; ++i) {
    weights.encoder.push_back(
        encoder_layer(loader, "encoder/layer_" + std::to_string(i), dims.state));
  }
  for (std::size_t i = 0; i < dims.decoder_layers; ++i) {
    weights.decoder.push_back(decoder_layer(loader, "decoder/layer_" + std::to_string(i), dims));
  }
  loader.expect_all_used();
  return weights;
}

}  // namespace asrbench::speech
