// A model: weights, vocabulary and configuration, and how it computes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "kernels/linear.hpp"
#include "speech/config.hpp"
#include "speech/decoder.hpp"
#include "speech/encoder.hpp"
#include "speech/log_mel.hpp"
#include "speech/tokenizer.hpp"
#include "speech/weights.hpp"

namespace asrbench::speech {

// A window's states: all of them (exact, as every Whisper), or those of the audio and a margin
// behind it, which attend to a window without audio where the others would be.
enum class Windows : std::uint8_t { kFull, kCached };

// How a model computes.
struct Computing {
  const kernels::Kernels* kernels;
  kernels::Precision precision = kernels::Precision::kFloat32;
  Windows windows = Windows::kFull;
};

// What a window without audio leaves behind, for Windows::kCached.
struct Padding {
  PaddedLayers layers;
  PaddedCross cross;
};

// A model as its three files give it; nothing of their bytes is needed afterwards.
struct Model {
  // Throws ModelError where a file is damaged or they do not belong together.
  Model(std::span<const std::byte> model_bin, std::string_view config_json,
        std::string_view vocabulary, const Computing& computing);

  // Takes its weights from a file that save() wrote. Throws ModelError where it was written for
  // another way to compute, or is damaged.
  Model(const std::string& prepared, std::string_view config_json, std::string_view vocabulary,
        const Computing& computing);

  // Writes the weights as they are laid out. Throws OptionError for float32, whose layout is
  // quickly made, and Error if the file cannot be written.
  void save(const std::string& path) const;

  Computing computing;
  Weights weights;
  Tokenizer tokenizer;
  Config config;
  LogMel log_mel;
  std::optional<Padding> padding;

 private:
  void check_and_pad();
};

}  // namespace asrbench::speech
