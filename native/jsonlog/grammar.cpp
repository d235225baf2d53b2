#include "jsonlog/grammar.hpp"

#include <bitset>
#include <cstddef>
#include <string_view>

#include "jsonlog/escapes.hpp"
#include "jsonlog/number.hpp"

namespace asrbench::jsonlog {
namespace {

enum class Expected : std::uint8_t { kFirstKey, kKey, kColon, kFirstValue, kValue, kNext };

bool opens(char c) { return c == '{' || c == '['; }

// What is wrong with a string, number or literal as it is written.
Reason check_scalar(std::string_view written, std::string& scratch) {
  const char c = written.front();
  if (c == '"') {
    const std::string_view text = written.substr(1, written.size() - 2);
    if (text.find('\\') == std::string_view::npos || unescape(text, scratch)) return Reason::kNone;
    return Reason::kString;
  }
  if (c == '-' || (c >= '0' && c <= '9')) {
    return is_number(written) ? Reason::kNone : Reason::kNumber;
  }
  const bool literal = written == "true" || written == "false" || written == "null";
  return literal ? Reason::kNone : Reason::kStructure;
}

}  // namespace

Reason Grammar::check(Cursor line) {
  if (line.peek() != '{') return Reason::kObject;
  std::bitset<kMaxDepth> objects;  // by depth: whether it is an object
  std::size_t depth = 0;
  Expected expected = Expected::kValue;
  while (!line.done()) {
    const char c = line.peek();
    const char* const first = line.text + line.at;
    line.next();
    const bool value = expected == Expected::kValue || expected == Expected::kFirstValue;
    if (depth == 0 && expected == Expected::kNext) return Reason::kStructure;  // behind the object
    if (opens(c) && value) {
      if (depth == kMaxDepth) return Reason::kDepth;
      objects[depth++] = c == '{';
      expected = c == '{' ? Expected::kFirstKey : Expected::kFirstValue;
    } else if (c == '}' || c == ']') {
      const bool empty = expected == (c == '}' ? Expected::kFirstKey : Expected::kFirstValue);
      if (!empty && expected != Expected::kNext) return Reason::kStructure;
      if (objects[depth - 1] != (c == '}')) return Reason::kStructure;
      --depth;
      expected = Expected::kNext;
    } else if (c == ',') {
      if (expected != Expected::kNext) return Reason::kStructure;
      expected = objects[depth - 1] ? Expected::kKey : Expected::kValue;
    } else if (c == ':') {
      if (expected != Expected::kColon) return Reason::kStructure;
      expected = Expected::kValue;
    } else {
      const bool key = expected == Expected::kKey || expected == Expected::kFirstKey;
      if (!(value && !opens(c)) && !(key && c == '"')) return Reason::kStructure;
      const char* last = line.text + line.begin() - 1;
      while (*last == ' ' || *last == '\t' || *last == '\r' || *last == '\n') --last;
      const std::string_view written(first, static_cast<std::size_t>(last + 1 - first));
      if (c == '"' && (written.size() < 2 || written.back() != '"')) return Reason::kStructure;
      const Reason bad = check_scalar(written, scratch_);
      if (bad != Reason::kNone) return bad;
      expected = key ? Expected::kColon : Expected::kNext;
    }
  }
  return depth == 0 ? Reason::kNone : Reason::kStructure;
}

}  // namespace asrbench::jsonlog
