// What a window's decoding starts from: what was said before, then language and task.
#pragma once

#include <span>
#include <vector>

#include "speech/tokenizer.hpp"

namespace asrbench::speech {

// <|startofprev|>, hotwords and the text before, then `task`, which begins with
// <|startoftranscript|>. Of the hotwords the first are taken and of the text the last, each up to
// half of the `context`, and together so many that a quarter of it is left for what is said.
[[nodiscard]] std::vector<int> prompt(const Tokenizer& tokenizer, std::size_t context,
                                      std::span<const int> hotwords, std::span<const int> previous,
                                      std::span<const int> task);

}  // namespace asrbench::speech
