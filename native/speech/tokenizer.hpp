// Turns token ids into bytes of text, and knows the special tokens by their names.
//
// The text is GPT-2's: a vocabulary writes each byte as one printable character, space as U+0120
// (`bytes_to_unicode` of OpenAI's gpt-2, src/encoder.py).
#pragma once

#include <cstddef>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace asrbench::speech {

class Tokenizer {
 public:
  // From vocabulary.txt, a token a line, or vocabulary.json, an array of tokens.
  // Throws ModelError if it is neither, or a special token is absent or out of order.
  explicit Tokenizer(std::string_view vocabulary);

  // Ids of the special tokens: text < eot < sot < no_timestamps < timestamp_begin < size.
  int eot = 0;
  int sot = 0;
  int transcribe = 0;
  int translate = 0;
  int start_of_previous = 0;
  int no_speech = 0;
  int no_timestamps = 0;
  int timestamp_begin = 0;
  int size = 0;
  std::map<std::string, int, std::less<>> languages;  // empty for an English-only model

  [[nodiscard]] bool multilingual() const { return !languages.empty(); }

  // The tokens that a window's decoding starts from. Throws ModelError for an unknown language, or
  // where an English-only model is to translate.
  [[nodiscard]] std::vector<int> prompt(std::string_view language, bool translates = false) const;

  // The bytes of the tokens, special ones left out. A character may be cut.
  // Throws OptionError for a negative id.
  [[nodiscard]] std::string text(std::span<const int> tokens) const;

 private:
  std::vector<std::string> pieces_;  // of the ids below eot
};

}  // namespace asrbench::speech
