#include "speech/config.hpp"

#include <cstdint>
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

std::vector<Head> read_heads(JsonWalker& json) {
  std::vector<Head> heads;
  json.enter('[');
  while (json.next(']')) {
    std::vector<std::int64_t> pair;
    json.enter('[');
    while (json.next(']')) pair.push_back(json.integer());
    if (pair.size() != 2 || pair[0] < 0 || pair[1] < 0) {
      fail<ModelError>("config.json: alignment_heads[", heads.size(),
                       "] is not two numbers of 0 or more; expected a layer and its head");
    }
    heads.push_back({static_cast<std::size_t>(pair[0]), static_cast<std::size_t>(pair[1])});
  }
  return heads;
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
    } else if (name == "alignment_heads" && !json.null()) {
      config.alignment_heads = read_heads(json);
    } else if (name != "suppress_ids" && name != "suppress_ids_begin" &&
               name != "alignment_heads") {
      json.skip();
    }
  }
  json.end();
  return config;
}

}  // namespace asrbench::speech
