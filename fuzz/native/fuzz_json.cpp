// Any bytes as JSON, or as config.json: refused, or what comes of them is in range.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "core/error.hpp"
#include "core/json.hpp"
#include "speech/config.hpp"

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

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  try {
    data[0] % 2 == 0 ? any_value(text) : settings(text);  // one: a refusal costs more than reading
  } catch (const asrbench::ModelError&) {                 // the one allowed refusal
  }
  return 0;
}
