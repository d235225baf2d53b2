// The scan for any processor: a loop over characters, and what the others are compared with.
#include "jsonlog/marks.hpp"

namespace asrbench::jsonlog {
namespace {

bool is_mark(char c) {
  return c == '{' || c == '}' || c == '[' || c == ']' || c == ':' || c == ',';
}

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

// What has begun before a character.
struct State {
  bool in_string = false;
  bool escaped = false;
  bool in_scalar = false;
};

// Whether a token begins with the character; `sound` becomes false where it may not stand.
bool begins(char c, State& state, bool& sound) {
  const bool quote = c == '"' && !state.escaped;
  state.escaped = c == '\\' && !state.escaped;
  const bool control = static_cast<unsigned char>(c) < 0x20;
  if (control && (state.in_string || !is_space(c))) sound = false;
  if (state.in_string) {
    state.in_string = !quote;
    return false;
  }
  const bool found = !is_space(c) && (!state.in_scalar || is_mark(c));
  state.in_scalar = !quote && !is_mark(c) && !is_space(c);
  state.in_string = quote;
  return found;
}

bool mark(const char* text, std::size_t size, const Marks& into) {
  State state;
  bool sound = true;
  for (std::size_t at = 0; at < size; at += kMarks) {
    const std::size_t word = at / kMarks;
    std::uint64_t tokens = 0;
    std::uint64_t newlines = 0;
    bool wide = false;
    for (std::size_t i = 0; i < kMarks && at + i < size; ++i) {
      const char c = text[at + i];
      tokens |= std::uint64_t{begins(c, state, sound)} << i;
      newlines |= std::uint64_t{c == '\n'} << i;
      wide = wide || static_cast<unsigned char>(c) >= 0x80;
    }
    into.tokens[word] = tokens;
    into.newlines[word] = newlines;
    into.wide[word] = wide ? 1 : 0;
  }
  return sound && !state.in_string;
}

constexpr Scan kScan{"generic", mark};

}  // namespace

const Scan* generic() { return &kScan; }

}  // namespace asrbench::jsonlog
