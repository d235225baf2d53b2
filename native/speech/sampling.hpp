// Draws texts of a window at a temperature, and takes the likeliest of them.
//
// A token is drawn with probabilities exp(logit / temperature), as OpenAI's whisper does; a text's
// probability is without the temperature. A draw belongs to its place (seed, window, attempt, text,
// step), not to a thread or a processor.
#pragma once

#include <cstdint>

#include "speech/search.hpp"

namespace asrbench::speech {

// What the draws of a search depend on beside their text and step.
struct Chance {
  std::uint64_t seed;
  std::uint64_t window;   // the mel frame where it begins
  std::uint64_t attempt;  // the number of the temperature
};

// From 0 to below 1, by mixing what it depends on: the finaliser of SplitMix64 (Steele, Lea and
// Flood 2014, "Fast splittable pseudorandom number generators") over one after another.
[[nodiscard]] double draw(const Chance& chance, std::uint64_t text, std::uint64_t step);

// The token that the share `drawn` of all probabilities leads to. `logits` have one that is not
// -infinity; those e^-40 times less likely than the likeliest count as 0.
[[nodiscard]] int token_at(std::span<const float> logits, double temperature, double drawn);

// At most as many texts as the cache has lanes, each divided by its length to the power of
// length_penalty when they are compared. Throws EngineError if no token is allowed.
[[nodiscard]] Decoded sampled(Search& search, const Opening& opening, std::size_t best_of,
                              double temperature, double length_penalty, const Chance& chance);

}  // namespace asrbench::speech
