// The language of a window: the likeliest language token behind <|startoftranscript|>.
#pragma once

#include <string>

#include "speech/search.hpp"

namespace asrbench::speech {

struct Language {
  std::string name;    // as "en"
  double probability;  // among all languages of the model, 0 to 1
};

// Of a multilingual model. The cache attends to the window; its text is forgotten.
[[nodiscard]] Language detect_language(Search& search);

}  // namespace asrbench::speech
