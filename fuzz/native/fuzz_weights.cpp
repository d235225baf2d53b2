// Any bytes as a model's variables: they are no Whisper model, or are laid out as one.
#include <cstdint>
#include <cstdlib>
#include <span>

#include "core/error.hpp"
#include "kernels/choose.hpp"
#include "speech/ct2_file.hpp"
#include "speech/weights.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::span<const std::byte> bytes(reinterpret_cast<const std::byte*>(data), size);
  try {
    const asrbench::speech::Ct2File file(bytes);
    const auto weights = asrbench::speech::load_weights(
        file, asrbench::kernels::chosen(), static_cast<asrbench::kernels::Precision>(size % 3));
    if (weights.encoder.size() != weights.dims.encoder_layers ||
        weights.decoder.size() != weights.dims.decoder_layers ||
        weights.dims.state % weights.dims.heads != 0) {
      std::abort();
    }
  } catch (const asrbench::ModelError&) {  // the one allowed refusal
  }
  return 0;
}
