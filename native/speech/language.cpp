#include "speech/language.hpp"

#include <cmath>

namespace asrbench::speech {

Language detect_language(Search& search) {
  Matrix logits(1, search.weights.dims.vocabulary);
  search.cache.length = 0;
  search.read(std::span(&search.tokenizer.sot, 1), logits.view());
  search.cache.length = 0;
  const auto& languages = search.tokenizer.languages;
  const auto logit = [&](int token) {
    return double{logits.row(0)[static_cast<std::size_t>(token)]};
  };
  auto best = languages.begin();
  for (auto found = languages.begin(); found != languages.end(); ++found) {
    const double lead = logit(found->second) - logit(best->second);
    if (lead > 0 || (lead == 0 && found->second < best->second)) best = found;
  }
  double all = 0;
  for (const auto& [name, token] : languages) all += std::exp(logit(token) - logit(best->second));
  return {best->first, 1.0 / all};
}

}  // namespace asrbench::speech
