// Where tokens and words of a known text lie in the audio.
#include <pybind11/pybind11.h>
#include <pybind11/stl.h>

#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "bindings/arrays.hpp"
#include "bindings/call.hpp"
#include "bindings/register.hpp"
#include "speech/alignment.hpp"
#include "speech/attention_tap.hpp"
#include "speech/decoder.hpp"
#include "speech/dtw.hpp"
#include "speech/forcing.hpp"
#include "speech/model.hpp"
#include "speech/words.hpp"

namespace asrbench::bindings {
namespace {

using speech::Model;

using Pairs = std::vector<std::pair<std::size_t, std::size_t>>;
using Aligned = std::pair<std::vector<std::size_t>, std::vector<float>>;

Pairs dtw(const py::object& costs) {
  const ConstView rows = borrow_rows(costs, "costs");
  return native_call(std::nullopt, [&](Cancel& cancel) {
    Pairs way;
    for (const auto [first, last] : speech::dtw(rows, cancel)) way.emplace_back(first, last);
    return way;
  });
}

std::size_t expect_frames(const Model& model, long frames) {
  const std::size_t most = model.weights.dims.audio_context;
  if (frames < 1 || static_cast<std::size_t>(frames) > most) {
    fail<OptionError>("frames is ", frames, "; expected 1 to ", most);
  }
  return static_cast<std::size_t>(frames);
}

speech::KvCache hear(const Model& model, ConstView states, ThreadPool& pool, Cancel& cancel) {
  speech::KvCache cache(model.weights);
  speech::attend_to(model.weights, states, nullptr, cache, pool, cancel);
  return cache;
}

Aligned align(const Model& model, const py::object& states, const std::vector<int>& text,
              long frames, const std::string& language) {
  const ConstView rows = borrow_rows(states, "states");
  return native_call(std::nullopt, [&](Cancel& cancel) {
    ThreadPool alone(1);
    speech::KvCache cache = hear(model, rows, alone, cancel);
    speech::Decoder decoder(model.weights, alone);
    speech::Forced forced =
        speech::force(model, model.tokenizer.prompt(language, false), text,
                      expect_frames(model, frames), decoder, cache, alone, cancel);
    return Aligned(speech::beginnings(forced.followed.view(), cancel),
                   std::move(forced.probabilities));
  });
}

std::vector<std::size_t> peaks(const Model& model, const py::object& states,
                               const std::vector<int>& tokens, long frames) {
  const ConstView rows = borrow_rows(states, "states");
  return native_call(std::nullopt, [&](Cancel& cancel) {
    ThreadPool alone(1);
    speech::KvCache cache = hear(model, rows, alone, cancel);
    speech::AttentionTap tap(model.config.alignment_heads, expect_frames(model, frames),
                             speech::kTokensAtOnce);
    speech::Decoder decoder(model.weights, alone);
    decoder.listen(&tap);
    std::vector<std::size_t> found;
    for (const int token : tokens) {
      decoder.step(token, cache, cancel, {});
      found.push_back(tap.peak());
    }
    return found;
  });
}

std::vector<std::pair<py::bytes, std::size_t>> words(const Model& model,
                                                     const std::vector<int>& text,
                                                     const std::string& language) {
  auto spelled = speech::spell(model.tokenizer, text, language);
  speech::join_marks(spelled);
  std::vector<std::pair<py::bytes, std::size_t>> result;
  for (const auto& word : spelled) result.emplace_back(py::bytes(word.text), word.tokens);
  return result;
}

}  // namespace

void register_alignment(py::module_& module) {
  using py::literals::operator""_a;
  module.def("dtw", &dtw, "costs"_a, "The cheapest way through costs: the columns of each row.");
  module.def("align", &align, "model"_a, "states"_a, "text"_a, "frames"_a, "language"_a = "en",
             "The frame where each token of a text begins, and how likely it was.");
  module.def("peaks", &peaks, "model"_a, "states"_a, "tokens"_a, "frames"_a,
             "The frame that is seen most behind each of the given tokens.");
  module.def("words", &words, "model"_a, "text"_a, "language"_a = "en",
             "The words of a text, and how many tokens spell each.");
}

}  // namespace asrbench::bindings
