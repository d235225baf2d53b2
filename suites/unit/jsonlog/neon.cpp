// NEON's scan beside generic's on an emulated processor: exit 0 if they mark the same.
#include <array>
#include <cstdint>
#include <cstdio>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "jsonlog/marks.hpp"

namespace {

using namespace asrbench::jsonlog;  // NOLINT: a test of its own

struct Marked {
  explicit Marked(std::size_t words) : tokens(words), newlines(words), wide(words) {}

  bool sound = false;
  std::vector<std::uint64_t> tokens, newlines;
  std::vector<std::uint8_t> wide;
};

Marked marked(const Scan& scan, const std::string& text) {
  Marked found((text.size() + kMarks - 1) / kMarks);
  found.sound = scan.mark(text.data(), text.size(),
                          {found.tokens.data(), found.newlines.data(), found.wide.data()});
  return found;
}

bool alike(const std::string& text) {
  const Marked a = marked(*neon(), text);
  const Marked b = marked(*generic(), text);
  const bool same = a.sound == b.sound && a.newlines == b.newlines && a.wide == b.wide &&
                    (!a.sound || a.tokens == b.tokens);
  if (!same) {
    for (const char c : text) std::printf("%02x", static_cast<unsigned char>(c));
    std::printf(": neon and generic mark it otherwise\n");
  }
  return same;
}

}  // namespace

int main() {
  if (neon() == nullptr) return 2;
  std::mt19937 chance(1);  // NOLINT: the same texts every time
  bool well = true;
  for (int c = 0; c < 256; ++c) {  // each character alone, and in a string
    well &= alike(std::string(1, static_cast<char>(c)));
    well &= alike(std::string("a ") + static_cast<char>(c) + "b \"" + static_cast<char>(c) + "\"");
  }
  constexpr std::string_view kUsual = "{}[]:,\"\"\"\"\\\\ \t\r\nab01\xc3\xa9-";
  for (int turn = 0; turn < 20000; ++turn) {
    std::string text(chance() % 300, ' ');
    for (char& c : text) c = kUsual[chance() % kUsual.size()];
    if (turn % 50 == 0 && !text.empty()) text[chance() % text.size()] = static_cast<char>(chance());
    if (turn % 2 == 0) text += '"';  // so that more of them are sound
    well &= alike(text);
  }
  for (std::size_t run = 1; run < 200; ++run) {  // of backslashes, across words
    well &= alike("\"" + std::string(run, '\\') + "\", \"" + std::string(run, '\\') + "n\"");
  }
  return well ? 0 : 1;
}
