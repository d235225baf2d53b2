// Any bytes as prepared weights: refused, or every array lies within them.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <span>
#include <vector>

#include "core/error.hpp"
#include "core/matrix.hpp"
#include "kernels/choose.hpp"
#include "speech/prepared.hpp"

namespace {

using asrbench::kernels::Precision;

// Reads arrays from the front to the end of the file: the sanitizer sees where they lie.
void touch(const asrbench::speech::Weights& weights) {
  float sum = 0;
  for (const float value : weights.encoder_positions) sum += value;
  for (const float value : weights.decoder_norm.beta) sum += value;
  for (const auto& layer : weights.decoder) sum += layer.ffn_norm.beta.back();
  std::vector<float> column(weights.dims.state);
  for (const std::size_t token : {std::size_t{0}, weights.dims.vocabulary - 1}) {
    weights.embeddings.copy_column(*weights.kernels, token, column.data());
    sum += column.back();
  }
  [[maybe_unused]] volatile float kept = sum;
}

}  // namespace

// The first byte chooses the precision, and whether the header gets the checksum it should have.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  asrbench::Buffer<std::byte> file(size - 1);
  std::transform(data + 1, data + size, file.begin(), [](std::uint8_t b) { return std::byte{b}; });
  if (data[0] % 2 == 1) asrbench::speech::seal_prepared(file);
  const auto precision = data[0] / 2 % 2 == 0 ? Precision::kInt16 : Precision::kInt8;
  try {
    const auto weights = asrbench::speech::read_prepared(
        std::span<const std::byte>(file), asrbench::kernels::named("generic"), precision);
    weights.store.expect_end();
    touch(weights);
  } catch (const asrbench::ModelError&) {  // the one allowed refusal
  }
  return 0;
}
