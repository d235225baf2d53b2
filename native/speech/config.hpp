// What the search needs of config.json: the tokens that are never said, or not said first.
#pragma once

#include <string_view>
#include <vector>

namespace asrbench::speech {

struct Config {
  std::vector<int> suppress_ids;        // forbidden always
  std::vector<int> suppress_ids_begin;  // forbidden as the first token of a window
};

// For a vocabulary of that many tokens; absent lists are empty, a list that comes twice counts as
// it came last. Throws ModelError for anything but a JSON object with lists of ids below it.
[[nodiscard]] Config read_config(std::string_view json, int vocabulary);

}  // namespace asrbench::speech
