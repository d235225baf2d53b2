#include "speech/words.hpp"

#include <algorithm>
#include <array>

#include "core/utf8.hpp"

namespace asrbench::speech {
namespace {

constexpr std::string_view kOpening = "\"'“¿([{-";
constexpr std::string_view kClosing = "\"'.。,，!！?？:：”)]}、";
constexpr std::string_view kSentenceEnds = ".。!！?？";
constexpr std::string_view kPunctuation = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~";
constexpr std::array<std::string_view, 6> kUnspaced = {"zh", "ja", "th", "lo", "my", "yue"};

// What Unicode calls white space.
bool is_space(char32_t c) {
  return (c >= 9 && c <= 13) || (c >= 0x1c && c <= 0x20) || c == 0x85 || c == 0xa0 || c == 0x1680 ||
         (c >= 0x2000 && c <= 0x200a) || c == 0x2028 || c == 0x2029 || c == 0x202f || c == 0x205f ||
         c == 0x3000;
}

std::u32string_view trimmed(std::u32string_view text) {
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  return text;
}

// Whether a word is among the marks: one of them, several in their order, or nothing at all.
bool is_among(std::u32string_view word, std::string_view marks) {
  return decode(marks).find(word) != std::u32string::npos;
}

// The tokens by characters: those that hold parts of one are together.
std::vector<Spelled> characters(const Tokenizer& tokenizer, std::span<const int> text) {
  const std::u32string whole = decode(tokenizer.text(text));
  std::vector<Spelled> parts;
  std::size_t first = 0;   // token that is not in a part yet
  std::size_t passed = 0;  // characters of the parts
  for (std::size_t i = 0; i < text.size(); ++i) {
    std::string bytes = tokenizer.text(text.subspan(first, i + 1 - first));
    const std::u32string decoded = decode(bytes);
    const std::size_t broken = decoded.find(kReplacement);
    // A character that is broken in the whole text too is not waiting for its other bytes.
    if (broken == std::u32string::npos ||
        (passed + broken < whole.size() && whole[passed + broken] == kReplacement)) {
      parts.push_back({std::move(bytes), i + 1 - first});
      passed += decoded.size();
      first = i + 1;
    }
  }
  if (first < text.size()) {  // the text breaks off in a character
    parts.push_back({tokenizer.text(text.subspan(first)), text.size() - first});
  }
  return parts;
}

}  // namespace

std::vector<Spelled> spell(const Tokenizer& tokenizer, std::span<const int> text,
                           std::string_view language) {
  std::vector<Spelled> parts = characters(tokenizer, text);
  if (std::ranges::find(kUnspaced, language) != kUnspaced.end()) return parts;
  std::vector<Spelled> words;
  for (Spelled& part : parts) {
    const std::u32string decoded = decode(part.text);
    if (words.empty() || part.text.starts_with(' ') || is_among(trimmed(decoded), kPunctuation)) {
      words.push_back(std::move(part));
    } else {
      words.back().text += part.text;
      words.back().tokens += part.tokens;
    }
  }
  return words;
}

void join_marks(std::vector<Spelled>& words) {
  if (words.empty()) return;
  for (std::size_t i = words.size() - 1, next = i; i-- > 0;) {
    Spelled& mark = words[i];
    if (mark.text.starts_with(' ') && is_among(trimmed(decode(mark.text)), kOpening)) {
      words[next].text.insert(0, mark.text);
      words[next].tokens += mark.tokens;
      mark = {{}, 0};
    } else {
      next = i;
    }
  }
  for (std::size_t i = 1, last = 0; i < words.size(); ++i) {
    Spelled& mark = words[i];
    if (!words[last].text.ends_with(' ') && is_among(decode(mark.text), kClosing)) {
      words[last].text += mark.text;
      words[last].tokens += mark.tokens;
      mark = {{}, 0};
    } else {
      last = i;
    }
  }
}

bool ends_sentence(const Spelled& word) { return is_among(decode(word.text), kSentenceEnds); }

}  // namespace asrbench::speech
