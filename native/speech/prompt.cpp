#include "speech/prompt.hpp"

#include <algorithm>

namespace asrbench::speech {

std::vector<int> prompt(const Tokenizer& tokenizer, std::size_t context,
                        std::span<const int> hotwords, std::span<const int> previous,
                        std::span<const int> task) {
  const std::size_t half = context / 2 - 1;
  const std::size_t kept = context / 4 + task.size() + 1;  // 1 for <|startofprev|>
  const std::size_t room = context > kept ? context - kept : 0;
  const std::size_t words = std::min({hotwords.size(), half, room});
  const std::size_t before = std::min({previous.size(), half, room - words});
  std::vector<int> tokens;
  if (words + before > 0) {
    tokens.push_back(tokenizer.start_of_previous);
    tokens.insert(tokens.end(), hotwords.begin(),
                  hotwords.begin() + static_cast<std::ptrdiff_t>(words));
    tokens.insert(tokens.end(), previous.end() - static_cast<std::ptrdiff_t>(before),
                  previous.end());
  }
  tokens.insert(tokens.end(), task.begin(), task.end());
  return tokens;
}

}  // namespace asrbench::speech
