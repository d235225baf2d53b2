#include "jsonlog/tokens.hpp"

#include <simdjson.h>

#include <algorithm>
#include <cstring>
#include <string_view>

#include "kernels/choose.hpp"

namespace asrbench::jsonlog {
namespace {

constexpr std::size_t kBehind = 2;  // words of marks behind a text

const Scan& chosen() {
  const std::string_view isa = kernels::chosen().isa;
  if (isa.starts_with("avx512") && avx512()) return *avx512();
  if (isa.starts_with("avx") && avx2()) return *avx2();
  if (isa == "neon" && neon()) return *neon();
  return *generic();
}

// The first word from `from` on of which `wide` is as asked, `words` where there is none.
std::size_t first(const std::vector<std::uint8_t>& wide, int asked, std::size_t from,
                  std::size_t words) {
  const void* const found = std::memchr(wide.data() + from, asked, words - from);
  return found == nullptr
             ? words
             : static_cast<std::size_t>(static_cast<const std::uint8_t*>(found) - wide.data());
}

}  // namespace

Tokens::Tokens() : scan_(chosen()), tokens_(kBehind), newlines_(kBehind) {}

bool Tokens::find(const char* text, std::size_t size) {
  const std::size_t words = (size + kMarks - 1) / kMarks;
  if (tokens_.size() < words + kBehind) {
    tokens_.resize(words + kBehind);
    newlines_.resize(words + kBehind);
    wide_.resize(words);
  }
  const bool sound = scan_.mark(text, size, {tokens_.data(), newlines_.data(), wide_.data()});
  std::fill_n(tokens_.data() + words, kBehind, ~std::uint64_t{0});
  std::fill_n(newlines_.data() + words, kBehind, ~std::uint64_t{0});
  return sound && is_utf8(text, size);
}

// Words of ASCII begin and end with a character, so what lies between them is UTF-8 by itself.
bool Tokens::is_utf8(const char* text, std::size_t size) const {
  const std::size_t words = (size + kMarks - 1) / kMarks;
  for (std::size_t word = 0; word < words;) {
    const std::size_t begin = first(wide_, 1, word, words);
    if (begin == words) return true;
    word = first(wide_, 0, begin, words);
    const std::size_t end = std::min(word * kMarks, size);
    if (!simdjson::validate_utf8(text + begin * kMarks, end - begin * kMarks)) return false;
  }
  return true;
}

Reason why_not(const char* text, std::size_t size) {
  const bool control = std::any_of(text, text + size, [](char c) {
    return static_cast<unsigned char>(c) < 0x20 && c != '\t' && c != '\n' && c != '\r';
  });
  if (control) return Reason::kControl;
  return simdjson::validate_utf8(text, size) ? Reason::kString : Reason::kUtf8;
}

}  // namespace asrbench::jsonlog
