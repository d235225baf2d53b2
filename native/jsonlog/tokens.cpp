#include "jsonlog/tokens.hpp"

#include <simdjson.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <string_view>

#include "core/error.hpp"

namespace asrbench::jsonlog {
namespace {

constexpr auto kNothing = [] {
  std::array<std::uint32_t, Tokens::kBehind> nothing{};
  nothing.fill(~std::uint32_t{0});
  return nothing;
}();

bool generic_is_asked_for() {
  const char* const isa = std::getenv("ASRBENCH_ISA");
  if (isa != nullptr && std::string_view(isa) == "generic") return true;
  const auto name = simdjson::get_active_implementation()->name();
  return name == "fallback" || name == "unsupported";
}

inline bool is_operator(char c) {
  return c == '{' || c == '}' || c == '[' || c == ']' || c == ':' || c == ',';
}

inline bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

}  // namespace

struct Tokens::Simd {
  std::unique_ptr<simdjson::internal::dom_parser_implementation> stage;
};

Tokens::Tokens() {
  if (!generic_is_asked_for()) simd_ = std::make_unique<Simd>();
}

Tokens::~Tokens() = default;

bool Tokens::find(const char* text, std::size_t size) {
  begin_ = kNothing.data();
  if (size == 0) return true;
  if (has_control(text, size)) return false;
  if (simd_ == nullptr) return simdjson::validate_utf8(text, size) && find_generic(text, size);
  auto& stage = simd_->stage;
  if (stage == nullptr || stage->capacity() < size) {
    stage.reset();
    const std::size_t capacity = std::max<std::size_t>(size, 64) + 64;
    if (simdjson::get_active_implementation()->create_dom_parser_implementation(
            capacity, 1, stage) != simdjson::SUCCESS) {
      fail<Error>("simdjson got no memory for the tokens of ", size, " bytes");
    }
  }
  const auto* const bytes = reinterpret_cast<const std::uint8_t*>(text);
  const auto code = stage->stage1(bytes, size, simdjson::stage1_mode::regular);
  if (code == simdjson::EMPTY) return true;
  if (code != simdjson::SUCCESS) return false;
  begin_ = stage->structural_indexes.get();
  // there is room: for the text, rounded up, and the 64 bytes that the capacity has more
  std::fill_n(stage->structural_indexes.get() + stage->n_structural_indexes, kBehind, kNothing[0]);
  return true;
}

// The same by a loop over bytes: quotes and scalars as in simdjson's json_structural_indexer.h.
bool Tokens::find_generic(const char* text, std::size_t size) {
  generic_.clear();
  bool in_string = false;
  bool escaped = false;
  bool in_scalar = false;
  for (std::size_t i = 0; i < size; ++i) {
    const char c = text[i];
    const bool quote = c == '"' && !escaped;
    escaped = c == '\\' && !escaped;
    if (in_string) {
      if (static_cast<unsigned char>(c) < 0x20) return false;
      in_string = !quote;
      continue;
    }
    const bool scalar = !quote && !is_operator(c) && !is_space(c);
    if (!is_space(c) && (!in_scalar || is_operator(c))) {
      generic_.push_back(static_cast<std::uint32_t>(i));
    }
    in_scalar = scalar;
    in_string = quote;
  }
  generic_.insert(generic_.end(), kNothing.begin(), kNothing.end());
  begin_ = generic_.data();
  return !in_string;
}

Reason why_not(const char* text, std::size_t size) {
  if (has_control(text, size)) return Reason::kControl;
  return simdjson::validate_utf8(text, size) ? Reason::kString : Reason::kUtf8;
}

bool has_control(const char* text, std::size_t size) {
  constexpr std::size_t kStep =
      4096;  // a yes or no a step, so that the loop within is one of vectors
  const auto* const bytes = reinterpret_cast<const std::uint8_t*>(text);
  for (std::size_t at = 0; at < size; at += kStep) {
    const std::size_t end = std::min(size, at + kStep);
    std::uint8_t found = 0;
    for (std::size_t i = at; i < end; ++i) {
      const std::uint8_t c = bytes[i];
      const auto low = static_cast<std::uint8_t>(c < 0x20 ? 0xff : 0);
      const auto space = static_cast<std::uint8_t>(c == '\t' || c == '\n' || c == '\r' ? 0xff : 0);
      found |= static_cast<std::uint8_t>(low & ~space);
    }
    if (found != 0) return true;
  }
  return false;
}

}  // namespace asrbench::jsonlog
