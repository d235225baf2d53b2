// Puts the tokens of a text together to words.
//
// The rules are those of OpenAI's whisper, whisper/tokenizer.py and whisper/timing.py: tokens that
// share a character stay together; a word begins at a space, in languages that write none at each
// character; punctuation goes with the word it belongs to.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "speech/tokenizer.hpp"

namespace asrbench::speech {

struct Spelled {
  std::string text;    // bytes of UTF-8, its space before it
  std::size_t tokens;  // that spell it, at least 1
};

// The words of a text, in order: their tokens are all of the text's, and their texts the tokens'.
// Punctuation is a word of its own. Throws OptionError for a negative id.
[[nodiscard]] std::vector<Spelled> spell(const Tokenizer& tokenizer, std::span<const int> text,
                                         std::string_view language);

// Gives opening marks behind a space to the word that follows, and closing marks to the word
// before: it gets their text and tokens, and they become empty.
void join_marks(std::vector<Spelled>& words);

// Whether a word ends a sentence: it is a full stop, an exclamation or a question mark.
[[nodiscard]] bool ends_sentence(const Spelled& word);

}  // namespace asrbench::speech
