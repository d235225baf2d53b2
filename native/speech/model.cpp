#include "speech/model.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "core/error.hpp"
#include "speech/ct2_file.hpp"
#include "speech/kv_cache.hpp"
#include "speech/prepared.hpp"

namespace asrbench::speech {
namespace {

// Runs a window without audio, or finds in the store what was left of it.
Padding pad(Weights& weights) {
  const Dims& dims = weights.dims;
  Padding padding;
  KvCache cache(weights);
  if (weights.store.mapped()) {
    padding.layers.assign(dims.encoder_layers,
                          KeyValues(*weights.kernels, dims.heads, dims.state / dims.heads,
                                    dims.audio_context, weights.precision));
  } else {
    ThreadPool alone(1);
    Cancel cancel;
    EncoderScratch scratch(weights, 1);
    Matrix states(dims.audio_context, dims.state);
    padding.layers = encode_padding(weights, scratch, alone, cancel, states.view());
    attend_to(weights, states.view(), nullptr, cache, alone, cancel);
  }
  for (KvCache::Layer& layer : cache.layers) padding.cross.push_back(std::move(layer.cross));
  for (KeyValues& layer : padding.layers) layer.keep(weights.store);
  for (KeyValues& layer : padding.cross) layer.keep(weights.store);
  return padding;
}

// Checks the heads that follow the audio. Where the file names none they are all those of the upper
// half of the layers, as OpenAI has it (whisper/model.py).
std::vector<Head> heads_of(const Dims& dims, std::vector<Head> named) {
  if (named.empty()) {
    for (std::size_t layer = dims.decoder_layers / 2; layer < dims.decoder_layers; ++layer) {
      for (std::size_t head = 0; head < dims.heads; ++head) named.push_back({layer, head});
    }
  }
  for (auto one = named.begin(); one != named.end(); ++one) {
    if (one->layer >= dims.decoder_layers || one->head >= dims.heads ||
        std::find(named.begin(), one, *one) != one) {
      fail<ModelError>("config.json: alignment_heads[", one - named.begin(), "] is [", one->layer,
                       ", ", one->head, "]; expected a layer below ", dims.decoder_layers,
                       " and a head below ", dims.heads, ", each once");
    }
  }
  return named;
}

}  // namespace

Model::Model(std::span<const std::byte> model_bin, std::string_view config_json,
             std::string_view vocabulary, const Computing& how)
    : computing(how),
      weights(load_weights(Ct2File(model_bin), *how.kernels, how.precision)),
      tokenizer(vocabulary),
      config(read_config(config_json, tokenizer.size)),
      log_mel(weights.dims.bins) {
  check_and_pad();
}

Model::Model(const std::string& prepared, std::string_view config_json, std::string_view vocabulary,
             const Computing& how)
    : computing(how),
      weights(read_prepared(prepared, *how.kernels, how.precision)),
      tokenizer(vocabulary),
      config(read_config(config_json, tokenizer.size)),
      log_mel(weights.dims.bins) {
  check_and_pad();
}

void Model::check_and_pad() {
  if (static_cast<std::size_t>(tokenizer.size) != weights.dims.vocabulary) {
    fail<ModelError>("vocabulary has ", tokenizer.size, " tokens; expected ",
                     weights.dims.vocabulary, ", the rows of decoder/embeddings/weight");
  }
  config.alignment_heads = heads_of(weights.dims, std::move(config.alignment_heads));
  // The prompt has at most three tokens, and half the context is for what is said.
  if (weights.dims.text_context < 6) {
    fail<ModelError>("model.bin: decoder/position_encodings/encodings has ",
                     weights.dims.text_context, " rows; expected at least 6");
  }
  if (computing.windows == Windows::kCached) padding = pad(weights);
  weights.store.expect_end();
}

void Model::save(const std::string& path) const {
  if (computing.precision == kernels::Precision::kFloat32) {
    fail<OptionError>("weights of float32 are not prepared; expected int16 or int8");
  }
  if (weights.store.mapped()) fail<OptionError>(path, ": these weights are prepared already");
  write_prepared(path, weights);
}

}  // namespace asrbench::speech
