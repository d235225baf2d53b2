// Any bytes as a model file: the framing is refused, or every variable lies within the file.
#include <cstdint>
#include <cstdlib>
#include <span>

#include "core/error.hpp"
#include "speech/ct2_file.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::span<const std::byte> bytes(reinterpret_cast<const std::byte*>(data), size);
  try {
    const asrbench::speech::Ct2File file(bytes);
    for (const auto& variable : file.variables()) {
      if (variable.data.data() < bytes.data() ||
          variable.offset + variable.data.size() > bytes.size() ||
          variable.data.data() != bytes.data() + variable.offset) {
        std::abort();
      }
    }
  } catch (const asrbench::ModelError&) {  // the one allowed refusal
  }
  return 0;
}
