#include "core/utf8.hpp"

#include <cstddef>

namespace asrbench {
namespace {

// What may follow a lead byte: how many bytes, and in which range the first of them lies (Unicode
// 15, table 3-7); the others lie between 0x80 and 0xbf.
struct Following {
  std::size_t count;
  unsigned char least;
  unsigned char most;
};

Following following(unsigned char lead) {
  if (lead < 0xc2 || lead > 0xf4) return {0, 0, 0};
  if (lead < 0xe0) return {1, 0x80, 0xbf};
  if (lead < 0xf0) {
    return {2, static_cast<unsigned char>(lead == 0xe0 ? 0xa0 : 0x80),
            static_cast<unsigned char>(lead == 0xed ? 0x9f : 0xbf)};
  }
  return {3, static_cast<unsigned char>(lead == 0xf0 ? 0x90 : 0x80),
          static_cast<unsigned char>(lead == 0xf4 ? 0x8f : 0xbf)};
}

}  // namespace

std::u32string decode(std::string_view bytes) {
  std::u32string characters;
  for (std::size_t at = 0; at < bytes.size();) {
    const auto lead = static_cast<unsigned char>(bytes[at++]);
    if (lead < 0x80) {
      characters += static_cast<char32_t>(lead);
      continue;
    }
    auto [count, least, most] = following(lead);
    bool whole = count > 0;
    char32_t code = lead & (count == 1 ? 0x1fU : count == 2 ? 0x0fU : 0x07U);
    for (; whole && count > 0; --count) {
      const auto next = at < bytes.size() ? static_cast<unsigned char>(bytes[at]) : 0;
      whole = next >= least && next <= most;
      if (!whole) break;
      code = code << 6U | (next & 0x3fU);
      least = 0x80;
      most = 0xbf;
      ++at;
    }
    characters += whole ? code : kReplacement;
  }
  return characters;
}

}  // namespace asrbench
