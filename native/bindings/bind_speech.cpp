// The recognizer and its stages.
#include <pybind11/pybind11.h>
#include <pybind11/stl.h>

#include <memory>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "bindings/arrays.hpp"
#include "bindings/call.hpp"
#include "bindings/register.hpp"
#include "kernels/choose.hpp"
#include "speech/ct2_file.hpp"
#include "speech/decoder.hpp"
#include "speech/encoder.hpp"
#include "speech/recognizer.hpp"

namespace asrbench::bindings {
namespace {

using speech::Model;
using speech::Options;
using speech::Recognizer;
using speech::Transcript;

constexpr std::size_t kMaxThreads = 256;

std::size_t expect_threads(long threads) {
  if (threads < 1 || threads > static_cast<long>(kMaxThreads)) {
    fail<OptionError>("threads is ", threads, "; expected 1 to ", kMaxThreads);
  }
  return static_cast<std::size_t>(threads);
}

std::size_t expect_bins(long bins) {
  if (bins < 1) fail<OptionError>("bins is ", bins, "; expected 1 to ", speech::kMaxBins);
  return static_cast<std::size_t>(bins);
}

enum class Padding { kWhisper, kNone };

py::array_t<float> log_mel(const py::object& pcm, long bins, Padding padding) {
  const auto values = borrow_values(pcm, "pcm");
  return give(native_call(std::nullopt, [&](Cancel& cancel) {
    ThreadPool alone(1);
    const speech::LogMel transform(expect_bins(bins));
    return padding == Padding::kWhisper ? transform(values, alone, cancel)
                                        : transform.raw(values, alone, cancel);
  }));
}

using VariableTuple =
    std::tuple<std::string, std::string_view, std::vector<std::uint32_t>, std::size_t>;

std::vector<VariableTuple> ct2_variables(const py::object& model_bin) {
  const BorrowedBytes bytes(model_bin, "model_bin");
  const speech::Ct2File file(bytes.bytes());
  std::vector<VariableTuple> rows;
  for (const auto& variable : file.variables()) {
    const auto shape = variable.shape();
    rows.emplace_back(variable.name, name_of(variable.dtype),
                      std::vector<std::uint32_t>(shape.begin(), shape.end()), variable.offset);
  }
  return rows;
}

speech::Computing computing(const std::optional<std::string>& isa, const std::string& precision,
                            const std::string& windows) {
  const kernels::Kernels& kernels = isa ? kernels::named(*isa) : kernels::chosen();
  if (windows != "full" && windows != "cached") {
    fail<OptionError>("windows is \"", windows, "\"; expected full or cached");
  }
  return {&kernels, kernels::precision_of(precision),
          windows == "full" ? speech::Windows::kFull : speech::Windows::kCached};
}

std::shared_ptr<Model> load(const py::object& model_bin, const py::object& config_json,
                            const py::object& vocabulary, const std::optional<std::string>& isa,
                            const std::string& precision, const std::string& windows) {
  const BorrowedBytes model(model_bin, "model_bin");
  const BorrowedBytes config(config_json, "config_json");
  const BorrowedBytes names(vocabulary, "vocabulary");
  const speech::Computing how = computing(isa, precision, windows);
  const py::gil_scoped_release nogil;  // reads borrowed bytes only
  return std::make_shared<Model>(model.bytes(), config.text(), names.text(), how);
}

std::shared_ptr<Model> open_prepared(const std::string& path, const py::object& config_json,
                                     const py::object& vocabulary,
                                     const std::optional<std::string>& isa,
                                     const std::string& precision, const std::string& windows) {
  const BorrowedBytes config(config_json, "config_json");
  const BorrowedBytes names(vocabulary, "vocabulary");
  const speech::Computing how = computing(isa, precision, windows);
  const py::gil_scoped_release nogil;
  return std::make_shared<Model>(path, config.text(), names.text(), how);
}

py::dict dims(const Model& model) {
  const speech::Dims& dims = model.weights.dims;
  py::dict result;
  result["bins"] = dims.bins;
  result["audio_context"] = dims.audio_context;
  result["state"] = dims.state;
  result["heads"] = dims.heads;
  result["encoder_layers"] = dims.encoder_layers;
  result["decoder_layers"] = dims.decoder_layers;
  result["vocabulary"] = dims.vocabulary;
  result["text_context"] = dims.text_context;
  return result;
}

py::array_t<float> encode(const Model& model, const py::object& log_mel, long threads) {
  const ConstView mel = borrow_rows(log_mel, "log_mel");
  return give(native_call(std::nullopt, [&](Cancel& cancel) {
    ThreadPool pool(expect_threads(threads));
    speech::EncoderScratch scratch(model.weights, pool.threads());
    Matrix states(model.weights.dims.audio_context, model.weights.dims.state);
    speech::encode(model.weights, mel, scratch, pool, cancel, states.view());
    return states;
  }));
}

py::array_t<float> logits(const Model& model, const py::object& states,
                          const std::vector<int>& tokens) {
  const ConstView rows = borrow_rows(states, "states");
  return give(native_call(std::nullopt, [&](Cancel& cancel) {
    ThreadPool alone(1);
    speech::KvCache cache(model.weights);
    speech::attend_to(model.weights, rows, nullptr, cache, alone, cancel);
    speech::Decoder decoder(model.weights, alone);
    Matrix result(tokens.size(), model.weights.dims.vocabulary);
    for (std::size_t i = 0; i < tokens.size(); ++i) {
      decoder.step(tokens[i], cache, cancel, {result.row(i), result.columns()});
    }
    return result;
  }));
}

py::list as_list(const std::vector<speech::Word>& words) {
  py::list result;
  for (const auto& word : words) {
    result.append(py::make_tuple(word.start_s, word.end_s, py::bytes(word.text), word.probability));
  }
  return result;
}

py::dict as_dict(const Transcript& transcript) {
  py::list segments;
  for (const auto& segment : transcript.segments) {
    segments.append(py::make_tuple(segment.start_s, segment.end_s, py::bytes(segment.text),
                                   segment.tokens, segment.avg_log_prob, segment.no_speech_prob,
                                   segment.temperature, segment.compression_ratio,
                                   as_list(segment.words)));
  }
  py::dict stages;
  stages["log_mel"] = transcript.stages.log_mel;
  stages["encoder"] = transcript.stages.encoder;
  stages["cross_kv"] = transcript.stages.cross_kv;
  stages["decoder"] = transcript.stages.decoder;
  stages["search"] = transcript.stages.search;
  if (transcript.stages.words > 0) stages["words"] = transcript.stages.words;
  py::dict result;
  result["tokens"] = transcript.tokens;
  result["segments"] = std::move(segments);
  result["windows"] = transcript.windows;
  result["avg_log_prob"] = transcript.avg_log_prob;
  result["no_speech_prob"] = transcript.no_speech_prob;
  result["language"] = transcript.language;
  result["language_probability"] = transcript.language_probability;
  result["stages"] = std::move(stages);
  return result;
}

py::dict transcribe(Recognizer& recognizer, const py::object& pcm, const Options& options,
                    std::optional<double> deadline_s) {
  const auto values = borrow_values(pcm, "pcm");
  return as_dict(native_call(
      deadline_s, [&](Cancel& cancel) { return recognizer.transcribe(values, options, cancel); }));
}

}  // namespace

void register_speech(py::module_& module) {
  using py::literals::operator""_a;
  module.def(
      "log_mel",
      [](const py::object& pcm, long bins) { return log_mel(pcm, bins, Padding::kWhisper); },
      "pcm"_a, "bins"_a = 80, "Log-mel spectrogram of a whole utterance, time first.");
  module.def(
      "log_mel_raw",
      [](const py::object& pcm, long bins) { return log_mel(pcm, bins, Padding::kNone); }, "pcm"_a,
      "bins"_a = 80, "Log-mel spectrogram of the bare windows, without padding.");
  module.def("ct2_variables", &ct2_variables, "model_bin"_a,
             "Name, dtype, shape and data offset of each variable of a CTranslate2 model file.");

  py::class_<Model, std::shared_ptr<Model>>(module, "Model",
                                            "The weights and vocabulary of a Whisper model.")
      .def(py::init(&load), "model_bin"_a, "config_json"_a, "vocabulary"_a, "isa"_a = py::none(),
           "precision"_a = "float32", "windows"_a = "full")
      .def_static("open", &open_prepared, "path"_a, "config_json"_a, "vocabulary"_a,
                  "isa"_a = py::none(), "precision"_a = "int16", "windows"_a = "full",
                  "A model whose weights save() has written.")
      .def("save", &Model::save, "path"_a, py::call_guard<py::gil_scoped_release>(),
           "Write the weights as they are laid out.")
      .def_property_readonly("dims", &dims, "The sizes of the model.")
      .def_property_readonly(
          "multilingual", [](const Model& model) { return model.tokenizer.multilingual(); },
          "Whether the prompt names a language and a task.")
      .def_property_readonly(
          "end_of_text", [](const Model& model) { return model.tokenizer.eot; },
          "The id of <|endoftext|>; those below it are text.")
      .def_property_readonly(
          "isa", [](const Model& model) { return model.weights.kernels->isa; },
          "The instruction set of its kernels.")
      .def("encode", &encode, "log_mel"_a, "threads"_a = 1, "Encoder states of a window.")
      .def("logits", &logits, "states"_a, "tokens"_a, "Logits behind each of the given tokens.")
      .def(
          "text",
          [](const Model& model, const std::vector<int>& tokens) {
            return py::bytes(model.tokenizer.text(tokens));
          },
          "tokens"_a, "The bytes of the tokens, special ones left out.");

  py::class_<Recognizer>(module, "Recognizer", "Transcribes with one model.")
      .def(py::init([](std::shared_ptr<Model> model, long threads) {
             return std::make_unique<Recognizer>(std::move(model), expect_threads(threads));
           }),
           "model"_a.none(false), "threads"_a = 1)
      .def_property_readonly("threads", &Recognizer::threads, "Threads of a call, its own counted.")
      .def("transcribe", &transcribe, "pcm"_a, "options"_a = Options{}, "deadline_s"_a = py::none(),
           "Mono float32 pcm at 16 kHz to text.");
}

}  // namespace asrbench::bindings
