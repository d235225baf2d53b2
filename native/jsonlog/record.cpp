#include "jsonlog/record.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <utility>

#include "jsonlog/escapes.hpp"
#include "jsonlog/number.hpp"

namespace asrbench::jsonlog {

namespace {

constexpr std::size_t kMostKnown = 256;     // positions whose key is remembered
constexpr std::size_t kLongestKnown = 256;  // bytes before a value that are remembered
constexpr int kNoKey = -2;

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
    cursor.next();
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

template <class Word>
bool same_ends(const char* a, const char* b, std::size_t size) {
  Word words[4];
  std::memcpy(&words[0], a, sizeof(Word));
  std::memcpy(&words[1], b, sizeof(Word));
  std::memcpy(&words[2], a + size - sizeof(Word), sizeof(Word));
  std::memcpy(&words[3], b + size - sizeof(Word), sizeof(Word));
  return ((words[0] ^ words[1]) | (words[2] ^ words[3])) == 0;
}

// As memcmp, but without a call for what leads to most fields: `, "x": ` is 7 characters.
bool same(const char* a, const char* b, std::size_t size) {
  if (size >= 8 && size <= 16) return same_ends<std::uint64_t>(a, b, size);
  if (size >= 4 && size < 8) return same_ends<std::uint32_t>(a, b, size);
  return std::memcmp(a, b, size) == 0;
}

// Whether a line goes on with the same separator, key, colon and white space, and then with a
// value: so its next tokens are those that were met when this was learnt.
bool leads(const std::string& lead, const Cursor& line) {
  const char* const written = line.text + line.at;
  return lead.size() < line.end - line.at && same(lead.data(), written, lead.size()) &&
         !is_space(written[lead.size()]);
}

}  // namespace

Record::Record(std::vector<std::string> names)
    : names_(std::move(names)),
      found_(names_.size()),
      unescaped_(names_.size()),
      values_(names_.size()) {}

Reason Record::walk(Cursor line) {
  for (auto& found : found_) found = {};
  if (line.peek() != '{') return Reason::kObject;
  std::size_t missing = names_.empty() ? 1 : names_.size();
  for (std::size_t position = 0;; ++position) {  // a brace or a comma is the token
    int name = kNoKey;
    if (position < known_.size() && leads(known_[position].lead, line)) {
      line.at += static_cast<std::uint32_t>(known_[position].lead.size());
      name = known_[position].wanted;
    } else {
      const Cursor before = line;
      line.next();
      if (position == 0 && line.peek() == '}') {
        line.next();
        return line.done() ? Reason::kNone : Reason::kStructure;
      }
      name = step_to_value(before, line, position);
    }
    if (name == kNoKey || kNoValue[static_cast<unsigned char>(line.peek())]) {
      return Reason::kStructure;
    }
    const char* const value = line.text + line.at;
    if (const Reason bad = skip_value(line); bad != Reason::kNone) return bad;
    const char next = line.peek();
    if (next != ',' && next != '}') return Reason::kStructure;
    if (name >= 0 && found_[static_cast<std::size_t>(name)].empty()) {  // the first of equal keys
      --missing;
      const char* last = line.text + line.at - 1;
      while (is_space(*last)) --last;
      found_[static_cast<std::size_t>(name)] = {value, static_cast<std::size_t>(last + 1 - value)};
      if (missing == 0 && next == ',') {
        return ends_with_brace(line) ? Reason::kNone : Reason::kStructure;
      }
    }
    if (next == '}') {
      line.next();
      return line.done() ? Reason::kNone : Reason::kStructure;
    }
  }
}

// Steps over a key and its colon; which name the key is, -1 where it is none of them, kNoKey where
// there is no key.
int Record::step_to_value(const Cursor& before, Cursor& line, std::size_t position) {
  if (line.peek() != '"') return kNoKey;
  const char* const key = line.text + line.at + 1;
  line.next();
  if (line.peek() != ':') return kNoKey;
  const char* after = line.text + line.at - 1;
  while (*after != '"') --after;  // only white space lies between
  line.next();
  const std::string_view lead(line.text + before.at, line.begin() - before.at);
  return learn(position, lead, {key, static_cast<std::size_t>(after - key)});
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

// Remembers what led to the value at a position, and which name its key is: that depends on the
// key alone, so that what is remembered is right wherever it is met again.
int Record::learn(std::size_t position, std::string_view lead, std::string_view key) {
  const int name = look_up(key);
  if (position < kMostKnown && lead.size() <= kLongestKnown) {
    if (position >= known_.size()) known_.resize(position + 1);
    known_[position] = {std::string(lead), name};
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
