// Any bytes as JSON, as config.json or as a vocabulary: refused, or what comes of them is in range.
#include <cstdint>
#include <cstdlib>
#include <numeric>
#include <string_view>
#include <vector>

#include "core/error.hpp"
#include "core/json.hpp"
#include "speech/config.hpp"
#include "speech/tokenizer.hpp"

namespace {

constexpr int kVocabulary = 300;

void expect(bool holds) {
  if (!holds) std::abort();
}

void any_value(std::string_view text) {
  asrbench::JsonWalker json(text, "any");
  json.skip();
  json.end();
}

void settings(std::string_view text) {
  const auto config = asrbench::speech::read_config(text, kVocabulary);
  for (const int id : config.suppress_ids) expect(id >= 0 && id < kVocabulary);
  for (const int id : config.suppress_ids_begin) expect(id >= 0 && id < kVocabulary);
}

void vocabulary(std::string_view text) {
  const asrbench::speech::Tokenizer tokenizer(text);
  expect(tokenizer.eot < tokenizer.sot && tokenizer.timestamp_begin < tokenizer.size);
  std::vector<int> all(static_cast<std::size_t>(tokenizer.size));
  std::iota(all.begin(), all.end(), 0);
  (void)tokenizer.text(all);
  for (const auto& [language, id] : tokenizer.languages) {
    expect(tokenizer.prompt(language)[1] == id);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  try {
    switch (data[0] % 3) {  // one reading an input: a refusal costs more than the reading
      case 0:
        any_value(text);
        break;
      case 1:
        settings(text);
        break;
      default:
        vocabulary(text);
    }
  } catch (const asrbench::ModelError&) {  // the one allowed refusal
  }
  return 0;
}
