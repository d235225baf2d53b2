// Any bytes as the audio that replay reads: refused, or no more values than the bytes could hold.
#include <cstdint>
#include <cstdlib>
#include <span>

#include "core/error.hpp"
#include "replay/wav.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::span<const std::byte> bytes(reinterpret_cast<const std::byte*>(data), size);
  try {
    if (size % 8 == 0 && asrbench::replay::parse_pcm(bytes).size() != size / 2) std::abort();
    if (asrbench::replay::parse_wav(bytes).size() > size / 2) std::abort();
  } catch (const asrbench::AudioError&) {  // the one allowed refusal
  }
  return 0;
}
