#include "jsonlog/record.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <utility>

#include "jsonlog/scalar.hpp"

namespace asrbench::jsonlog {

// The tokens of one line; behind the last one there is only '\0', which no text contains.
struct Cursor {
  const char* text;
  const std::uint32_t* token;
  std::uint32_t end;

  [[nodiscard]] char peek() const { return *token < end ? text[*token] : '\0'; }
  [[nodiscard]] std::uint32_t at() const { return std::min(*token, end); }
};

namespace {

constexpr std::size_t kMostKnown = 256;  // positions whose key is remembered

constexpr auto kSteps = [] {
  std::array<std::int8_t, 256> steps{};
  steps['{'] = steps['['] = 1;
  steps['}'] = steps[']'] = -1;
  return steps;
}();

// Steps over a value of the line's own object.
Reason skip_value(Cursor& cursor) {
  std::size_t depth = 1;
  do {
    const char c = cursor.peek();
    if (c == '\0') return Reason::kStructure;
    ++cursor.token;
    depth += static_cast<std::size_t>(kSteps[static_cast<unsigned char>(c)]);
    if (depth > kMaxDepth) return Reason::kDepth;
  } while (depth > 1);
  return Reason::kNone;
}

constexpr auto kNoValue = [] {
  std::array<bool, 256> none{};
  none['}'] = none[']'] = none[','] = none[':'] = none['\0'] = true;
  return none;
}();

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

// Whether the last token of the line is one: strings end within their line, so it is in none.
bool ends_with_brace(const Cursor& cursor) {
  const char* last = cursor.text + cursor.end - 1;
  while (is_space(*last)) --last;
  return *last == '}';
}

// Whether two keys of the same size are the same: as memcmp, but without a call for the short ones.
template <class Word>
bool same_ends(const char* a, const char* b, std::size_t size) {
  Word words[4];
  std::memcpy(&words[0], a, sizeof(Word));
  std::memcpy(&words[1], b, sizeof(Word));
  std::memcpy(&words[2], a + size - sizeof(Word), sizeof(Word));
  std::memcpy(&words[3], b + size - sizeof(Word), sizeof(Word));
  return ((words[0] ^ words[1]) | (words[2] ^ words[3])) == 0;
}

bool same(const char* a, const char* b, std::size_t size) {
  if (size > 16) return std::memcmp(a, b, size) == 0;
  if (size >= 8) return same_ends<std::uint64_t>(a, b, size);
  if (size >= 4) return same_ends<std::uint32_t>(a, b, size);
  if (size >= 2) return same_ends<std::uint16_t>(a, b, size);
  return size == 0 || *a == *b;
}

}  // namespace

Record::Record(std::vector<std::string> names)
    : names_(std::move(names)),
      found_(names_.size()),
      unescaped_(names_.size()),
      values_(names_.size()) {}

Reason Record::walk(const char* text, const std::uint32_t* token, std::uint32_t end) {
  for (auto& found : found_) found = {};
  Cursor cursor{text, token, end};
  const Reason bad = walk(text, cursor);
  rest_ = cursor.token;
  return bad;
}

Reason Record::walk(const char* text, Cursor& cursor) {
  if (cursor.peek() != '{') return Reason::kObject;
  ++cursor.token;
  if (cursor.peek() == '}') {
    ++cursor.token;
    return cursor.peek() == '\0' ? Reason::kNone : Reason::kStructure;
  }
  std::size_t missing = names_.empty() ? 1 : names_.size();
  for (std::size_t position = 0;; ++position) {
    if (cursor.peek() != '"') return Reason::kStructure;
    const char* const key = text + *cursor.token + 1;
    ++cursor.token;
    if (cursor.peek() != ':') return Reason::kStructure;
    const char* after = text + *cursor.token - 1;
    while (*after != '"') --after;  // only white space lies between
    const auto size = static_cast<std::size_t>(after - key);
    const bool known = position < known_.size() && known_[position].key.size() == size &&
                       same(known_[position].key.data(), key, size);
    const int name = known ? known_[position].wanted : learn(position, {key, size});
    ++cursor.token;
    const std::uint32_t value = cursor.at();
    if (kNoValue[static_cast<unsigned char>(cursor.peek())]) return Reason::kStructure;
    if (const Reason bad = skip_value(cursor); bad != Reason::kNone) return bad;
    const char next = cursor.peek();
    if (next != ',' && next != '}') return Reason::kStructure;
    if (name >= 0 && found_[static_cast<std::size_t>(name)].empty()) {  // the first of equal keys
      --missing;
      const char* last = text + *cursor.token - 1;
      while (is_space(*last)) --last;
      found_[static_cast<std::size_t>(name)] = {
          text + value, static_cast<std::size_t>(last + 1 - (text + value))};
    }
    ++cursor.token;
    if (next == '}') return cursor.peek() == '\0' ? Reason::kNone : Reason::kStructure;
    if (missing == 0) return ends_with_brace(cursor) ? Reason::kNone : Reason::kStructure;
  }
}

Reason Record::read() {
  for (std::size_t name = 0; name < names_.size(); ++name) {
    if (const Reason bad = read(name); bad != Reason::kNone) return bad;
  }
  return Reason::kNone;
}

Reason Record::read(std::size_t name) {
  const std::string_view found = found_[name];
  Value& value = values_[name];
  value = {Kind::kAbsent, found, 0};
  if (found.empty()) return Reason::kNone;
  const char c = found.front();
  if (c == '"') {
    value.kind = Kind::kString;
    value.text = found.substr(1, found.size() - 2);
    if (value.text.find('\\') != std::string_view::npos) {
      if (!unescape(value.text, unescaped_[name])) return Reason::kString;
      value.text = unescaped_[name];
    }
  } else if (c == '{' || c == '[') {
    value.kind = Kind::kContainer;
  } else if (c == '-' || (c >= '0' && c <= '9')) {
    value.kind = Kind::kNumber;
    if (!read_number(found, value.number)) return Reason::kNumber;
  } else if (found == "null") {
    value.kind = Kind::kNull;
  } else if (found == "true") {
    value.kind = Kind::kTrue;
  } else if (found == "false") {
    value.kind = Kind::kFalse;
  } else {
    return Reason::kStructure;
  }
  return Reason::kNone;
}

// Remembers which name the key at a position is, -1 where it is none of them: it depends on the key
// alone, so that what is remembered is right wherever it is met again.
int Record::learn(std::size_t position, std::string_view key) {
  const int name = look_up(key);
  if (position < kMostKnown) {
    if (position >= known_.size()) known_.resize(position + 1, {std::string(1, '\0'), -1});
    known_[position] = {std::string(key), name};
  }
  return name;
}

int Record::look_up(std::string_view key) {
  if (key.find('\\') != std::string_view::npos) {
    if (!unescape(key, scratch_)) return -1;
    key = scratch_;
  }
  const auto place = std::find(names_.begin(), names_.end(), key);
  return place == names_.end() ? -1 : static_cast<int>(place - names_.begin());
}

}  // namespace asrbench::jsonlog
