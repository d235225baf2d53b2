#include "speech/sampling.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace asrbench::speech {
namespace {

constexpr double kNothing = -40.0;  // ln of a share that counts as 0

std::uint64_t mix(std::uint64_t x) {
  x += 0x9e3779b97f4a7c15U;
  x = (x ^ x >> 30U) * 0xbf58476d1ce4e5b9U;
  x = (x ^ x >> 27U) * 0x94d049bb133111ebU;
  return x ^ x >> 31U;
}

double share(float logit, float highest, double temperature) {
  const double power = (double{logit} - double{highest}) / temperature;
  return power < kNothing ? 0.0 : std::exp(power);
}

struct Text {
  std::vector<int> tokens;
  double log_prob = 0;
};

}  // namespace

double draw(const Chance& chance, std::uint64_t text, std::uint64_t step) {
  std::uint64_t state = mix(chance.seed);
  for (const std::uint64_t part : {chance.window, chance.attempt, text, step}) {
    state = mix(state ^ part);
  }
  return static_cast<double>(state >> 11U) * 0x1p-53;
}

int token_at(std::span<const float> logits, double temperature, double drawn) {
  const float highest = *std::ranges::max_element(logits);
  double all = 0;
  for (const float logit : logits) all += share(logit, highest, temperature);
  double sum = 0;
  std::size_t last = 0;
  for (std::size_t token = 0; token < logits.size(); ++token) {
    const double one = share(logits[token], highest, temperature);
    if (one == 0) continue;
    sum += one;
    last = token;
    if (sum > drawn * all) break;
  }
  return static_cast<int>(last);
}

Decoded sampled(Search& search, const Opening& opening, std::size_t best_of, double temperature,
                double length_penalty, const Chance& chance) {
  std::vector<Text> texts(best_of);
  std::vector<std::size_t> alive(best_of);  // the text of each lane
  for (std::size_t i = 0; i < best_of; ++i) alive[i] = i;
  std::vector<std::size_t> lanes(best_of, 0);  // that each lane goes on from: the prompt's at first
  std::vector<int> drawn(best_of);
  Matrix logits(best_of, opening.logits.size());
  for (std::size_t i = 0; i < best_of; ++i) std::ranges::copy(opening.logits, logits.row(i));
  for (std::size_t step = 0; !alive.empty(); ++step) {
    search.pool.run(alive.size(), search.cancel, [&](std::size_t lane, std::size_t) {
      const std::span<float> row{logits.row(lane), logits.columns()};
      Text& text = texts[alive[lane]];
      const double all = search.allow(text.tokens, row);
      const int token = token_at(row, temperature, draw(chance, alive[lane], step));
      text.log_prob += row[static_cast<std::size_t>(token)] - all;
      drawn[lane] = token;
    });
    std::vector<std::size_t> still;
    std::vector<std::size_t> parents;
    std::vector<int> tokens;
    for (std::size_t lane = 0; lane < alive.size(); ++lane) {
      Text& text = texts[alive[lane]];
      if (drawn[lane] == search.tokenizer.eot) continue;
      text.tokens.push_back(drawn[lane]);
      if (text.tokens.size() == opening.most) continue;
      still.push_back(alive[lane]);
      parents.push_back(lanes[lane]);
      tokens.push_back(drawn[lane]);
    }
    alive = std::move(still);
    if (alive.empty()) break;
    search.cache.follow(parents);
    for (std::size_t i = 0; i < alive.size(); ++i) lanes[i] = i;
    MatrixView some = logits.view();
    some.rows = alive.size();
    search.step(tokens, some);
  }
  const auto best = std::ranges::max_element(texts, {}, [&](const Text& text) {
    const auto length = static_cast<double>(std::max<std::size_t>(1, text.tokens.size()));
    return text.log_prob / std::pow(length, length_penalty);
  });
  return decoded(opening, std::move(best->tokens), best->log_prob);
}

}  // namespace asrbench::speech
