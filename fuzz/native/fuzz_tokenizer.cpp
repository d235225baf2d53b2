// Any bytes as a vocabulary, lines or JSON: refused, or its tokens, text and prompts fit together.
#include <cstdint>
#include <cstdlib>
#include <numeric>
#include <string_view>
#include <vector>

#include "core/error.hpp"
#include "speech/tokenizer.hpp"

namespace {

void expect(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  try {
    const asrbench::speech::Tokenizer tokenizer({reinterpret_cast<const char*>(data), size});
    expect(tokenizer.eot < tokenizer.sot && tokenizer.timestamp_begin < tokenizer.size);
    std::vector<int> all(static_cast<std::size_t>(tokenizer.size));
    std::iota(all.begin(), all.end(), 0);
    (void)tokenizer.text(all);
    for (const auto& [language, id] : tokenizer.languages) {
      expect(tokenizer.prompt(language)[1] == id);
    }
  } catch (const asrbench::ModelError&) {  // the one allowed refusal
  }
  return 0;
}
