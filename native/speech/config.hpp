// What config.json says: the tokens that are never said, or not said first, and the heads that
// follow the audio.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace asrbench::speech {

// A head of the decoder's cross-attention.
struct Head {
  std::size_t layer;
  std::size_t head;

  bool operator==(const Head&) const = default;
};

struct Config {
  std::vector<int> suppress_ids;        // forbidden always
  std::vector<int> suppress_ids_begin;  // forbidden as the first token of a window
  std::vector<Head> alignment_heads;    // look where a token is said; none: the file names none
};

// For a vocabulary of that many tokens; absent lists are empty, a list that comes twice counts as
// it came last. Throws ModelError for anything but a JSON object with lists of ids below it and of
// heads, pairs of a layer and its head.
[[nodiscard]] Config read_config(std::string_view json, int vocabulary);

}  // namespace asrbench::speech
