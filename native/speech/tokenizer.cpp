#include "speech/tokenizer.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <initializer_list>

#include "core/error.hpp"
#include "core/json.hpp"

namespace asrbench::speech {
namespace {

constexpr std::size_t kMultilingualSize = 51865;  // OpenAI's rule: English-only models have fewer
constexpr std::string_view kMultilingualToken;    // CTranslate2's rule: they have an empty token
constexpr std::size_t kMaxSize = 1U << 24;

std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> lines;
  lines.reserve(static_cast<std::size_t>(std::ranges::count(text, '\n')) + 1);
  if (!text.empty() && text.back() == '\n') text.remove_suffix(1);
  while (true) {
    const std::size_t end = text.find('\n');
    lines.emplace_back(text.substr(0, end));
    if (end == std::string_view::npos) return lines;
    text.remove_prefix(end + 1);
  }
}

std::vector<std::string> names_of(std::string_view vocabulary) {
  if (vocabulary.size() > kMaxSize) {
    fail<ModelError>("vocabulary has ", vocabulary.size(), " bytes; expected at most ", kMaxSize);
  }
  if (vocabulary.empty() || vocabulary.front() != '[') return lines_of(vocabulary);
  std::vector<std::string> names;
  JsonWalker json(vocabulary, "vocabulary.json");
  json.enter('[');
  while (json.next(']')) names.push_back(json.string());
  json.end();
  return names;
}

// The byte of each character below U+0144, or -1: printable Latin-1 stands for itself, the other
// 68 bytes are written as U+0100 and on, in order.
std::array<int, 0x144> byte_table() {
  std::array<int, 0x144> table;
  table.fill(-1);
  std::size_t shifted = 0x100;
  for (int byte = 0; byte < 256; ++byte) {
    const bool printable =
        (byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte <= 0xac) || byte >= 0xae;
    table[printable ? static_cast<std::size_t>(byte) : shifted++] = byte;
  }
  return table;
}

// The bytes that a name writes: its characters have at most two bytes of UTF-8.
std::string bytes_of(std::string_view name, std::size_t token) {
  static const auto table = byte_table();
  std::string bytes;
  for (std::size_t i = 0; i < name.size(); ++i) {
    const auto lead = static_cast<unsigned char>(name[i]);
    std::size_t code = lead;
    if (lead >= 0x80) {
      const bool two = lead >= 0xc2 && lead < 0xe0 && i + 1 < name.size() &&
                       (static_cast<unsigned char>(name[i + 1]) & 0xc0) == 0x80;
      code = two ? (lead & 0x1fU) << 6 | (static_cast<unsigned char>(name[++i]) & 0x3fU)
                 : table.size();
    }
    const int byte = code < table.size() ? table[code] : -1;
    if (byte < 0) {
      fail<ModelError>("vocabulary: token ", token, ": byte ", i,
                       " is in none of the 256 byte characters");
    }
    bytes.push_back(static_cast<char>(byte));
  }
  return bytes;
}

}  // namespace

Tokenizer::Tokenizer(std::string_view vocabulary) {
  const std::vector<std::string> names = names_of(vocabulary);
  const auto special = [&](std::initializer_list<std::string_view> spellings) {
    for (const auto spelling : spellings) {  // of equal names the last one counts
      const auto found = std::find(names.rbegin(), names.rend(), spelling);
      if (found != names.rend()) return static_cast<int>(names.rend() - found) - 1;
    }
    fail<ModelError>("vocabulary of ", names.size(), " tokens has no ", *spellings.begin());
  };
  size = static_cast<int>(names.size());
  eot = special({"<|endoftext|>"});
  sot = special({"<|startoftranscript|>"});
  translate = special({"<|translate|>"});
  transcribe = special({"<|transcribe|>"});
  start_of_previous = special({"<|startofprev|>"});
  no_speech = special({"<|nospeech|>", "<|nocaptions|>"});
  no_timestamps = special({"<|notimestamps|>"});
  timestamp_begin = special({"<|0.00|>"});
  if (!(eot < sot && sot < no_timestamps && no_timestamps < timestamp_begin)) {
    fail<ModelError>("vocabulary has <|endoftext|> ", eot, ", <|startoftranscript|> ", sot,
                     ", <|notimestamps|> ", no_timestamps, ", <|0.00|> ", timestamp_begin,
                     "; expected them in this order");
  }
  if (names.size() >= kMultilingualSize ||
      std::ranges::find(names, kMultilingualToken) != names.end()) {
    for (int id = sot + 1; id < translate; ++id) {
      const std::string& name = names[static_cast<std::size_t>(id)];
      if (name.size() <= 4) continue;
      if (std::ranges::any_of(name, [](unsigned char c) { return c >= 0x80; })) {
        fail<ModelError>("vocabulary: token ", id, " is no language; expected ASCII, as <|en|>");
      }
      languages.emplace(name.substr(2, name.size() - 4), id);
    }
  }
  pieces_.reserve(static_cast<std::size_t>(eot));
  for (std::size_t i = 0; i < static_cast<std::size_t>(eot); ++i) {
    pieces_.push_back(bytes_of(names[i], i));
  }
}

std::vector<int> Tokenizer::prompt(std::string_view language, bool translates) const {
  if (translates && !multilingual()) {
    fail<ModelError>("task is translate; expected transcribe of an English-only model");
  }
  if (!multilingual() && language == "en") return {sot};
  const auto found = languages.find(language);
  if (found == languages.end()) {
    fail<ModelError>("language is \"", language, "\"; expected one of the model's ",
                     multilingual() ? languages.size() : 1U, ", as \"en\"");
  }
  return {sot, found->second, translates ? translate : transcribe};
}

std::string Tokenizer::text(std::span<const int> tokens) const {
  std::string bytes;
  for (const int token : tokens) {
    if (token < 0) fail<OptionError>("token is ", token, "; expected 0 or more");
    if (token < eot) bytes += pieces_[static_cast<std::size_t>(token)];
  }
  return bytes;
}

}  // namespace asrbench::speech
