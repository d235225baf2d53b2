// What may be chosen about a transcription, out of Python's values.
#include <pybind11/functional.h>
#include <pybind11/pybind11.h>
#include <pybind11/stl.h>

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "bindings/register.hpp"
#include "core/error.hpp"
#include "speech/options.hpp"

namespace asrbench::bindings {

namespace py = pybind11;

namespace {

using speech::Options;

std::size_t expect_natural(const char* name, long value) {
  if (value < 0) fail<OptionError>(name, " is ", value, "; expected 1 to ", speech::kMostTexts);
  return static_cast<std::size_t>(value);
}

// Calls Python on the caller's own thread, for microseconds a window.
Options::Compression compression_of(const py::object& function) {
  if (function.is_none()) return nullptr;
  return [function](const std::string& text) {
    const py::gil_scoped_acquire gil;
    return function(py::bytes(text)).cast<double>();
  };
}

}  // namespace

void register_options(py::module_& module) {
  using py::literals::operator""_a;
  const Options usual;
  py::class_<Options>(module, "Options", "What may be chosen about a transcription.")
      .def(py::init([](std::optional<std::string> language, bool translate, long beam_size,
                       double patience, double length_penalty, long best_of,
                       std::vector<double> temperatures, std::optional<double> compression_ratio,
                       std::optional<double> avg_log_prob, std::optional<double> no_speech_prob,
                       const py::object& compression, std::vector<int> prompt,
                       std::vector<int> hotwords, bool condition_on_previous_text,
                       double prompt_reset_temperature, double max_initial_timestamp_s,
                       std::uint64_t seed) {
             return Options{std::move(language),
                            translate,
                            expect_natural("beam_size", beam_size),
                            patience,
                            length_penalty,
                            expect_natural("best_of", best_of),
                            std::move(temperatures),
                            compression_ratio,
                            avg_log_prob,
                            no_speech_prob,
                            compression_of(compression),
                            std::move(prompt),
                            std::move(hotwords),
                            condition_on_previous_text,
                            prompt_reset_temperature,
                            max_initial_timestamp_s,
                            seed};
           }),
           py::kw_only(), "language"_a = usual.language, "translate"_a = usual.translate,
           "beam_size"_a = usual.beam_size, "patience"_a = usual.patience,
           "length_penalty"_a = usual.length_penalty, "best_of"_a = usual.best_of,
           "temperatures"_a = usual.temperatures, "compression_ratio"_a = usual.compression_ratio,
           "avg_log_prob"_a = usual.avg_log_prob, "no_speech_prob"_a = usual.no_speech_prob,
           "compression"_a = py::none(), "prompt"_a = usual.prompt, "hotwords"_a = usual.hotwords,
           "condition_on_previous_text"_a = usual.condition_on_previous_text,
           "prompt_reset_temperature"_a = usual.prompt_reset_temperature,
           "max_initial_timestamp_s"_a = usual.max_initial_timestamp_s, "seed"_a = usual.seed)
      .def_readonly("language", &Options::language, "Matters to multilingual models.")
      .def_readonly("no_speech_prob", &Options::no_speech_prob,
                    "Above it a window may be skipped as silent.")
      .def_readonly("avg_log_prob", &Options::avg_log_prob,
                    "At or below it a window may be skipped as silent.");
}

}  // namespace asrbench::bindings
