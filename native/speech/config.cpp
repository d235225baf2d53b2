#include "speech/config.hpp"

#include <string>

#include "core/error.hpp"
#include "core/json.hpp"

namespace asrbench::speech {
namespace {

std::vector<int> read_ids(JsonWalker& json, const std::string& name, int vocabulary) {
  std::vector<int> ids;
  json.enter('[');
  while (json.next(']')) {
    const auto id = json.integer();
    if (id < 0 || id >= vocabulary) {
      fail<ModelError>("config.json: ", name, " has ", id, "; expected 0 to ", vocabulary - 1);
    }
    ids.push_back(static_cast<int>(id));
  }
  return ids;
}

}  // namespace

Config read_config(std::string_view text, int vocabulary) {
  Config config;
  JsonWalker json(text, "config.json");
  json.enter('{');
  while (json.next('}')) {
    const std::string name = json.key();
    if (name == "suppress_ids" && !json.null()) {
      config.suppress_ids = read_ids(json, name, vocabulary);
    } else if (name == "suppress_ids_begin" && !json.null()) {
      config.suppress_ids_begin = read_ids(json, name, vocabulary);
    } else if (name != "suppress_ids" && name != "suppress_ids_begin") {
      json.skip();
    }
  }
  json.end();
  return config;
}

}  // namespace asrbench::speech
