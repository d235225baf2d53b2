#include "speech/fallback.hpp"

#include <utility>

#include "speech/beam.hpp"
#include "speech/sampling.hpp"

namespace asrbench::speech {
namespace {

Decoded attempt(Search& search, const Opening& opening, const Options& options, double temperature,
                const Chance& chance) {
  if (temperature > 0) {
    return sampled(search, opening, options.best_of, temperature, options.length_penalty, chance);
  }
  if (options.beam_size == 1) return greedy(search, opening);
  return beam(search, opening, options.beam_size, options.patience, options.length_penalty);
}

bool repetitive(const Decoded& decoded, const Options& options) {
  return options.compression_ratio && decoded.compression_ratio &&
         *decoded.compression_ratio > *options.compression_ratio;
}

bool unlikely(const Decoded& decoded, const Options& options) {
  return options.avg_log_prob && decoded.avg_log_prob < *options.avg_log_prob;
}

}  // namespace

bool silent(const Decoded& decoded, const Options& options) {
  return options.no_speech_prob && decoded.no_speech_prob > *options.no_speech_prob &&
         !(options.avg_log_prob && decoded.avg_log_prob > *options.avg_log_prob);
}

Decoded decode(Search& search, std::span<const int> prompt, const Options& options,
               std::size_t seek) {
  search.cache.length = 0;
  const Opening opening = open(search, prompt);
  std::optional<Decoded> best;
  for (std::size_t i = 0; i < options.temperatures.size(); ++i) {
    search.cache.length = opening.length;
    Decoded found =
        attempt(search, opening, options, options.temperatures[i], {options.seed, seek, i});
    found.temperature = options.temperatures[i];
    if (options.compression) {
      found.compression_ratio = options.compression(search.tokenizer.text(found.tokens));
    }
    const bool repeats = repetitive(found, options);
    const bool doubtful = unlikely(found, options);
    const bool nobody = doubtful && silent(found, options);
    if (nobody || !(repeats || doubtful)) return found;
    const bool better =
        !best || (repetitive(*best, options) && !repeats) ||
        (repetitive(*best, options) == repeats && found.avg_log_prob > best->avg_log_prob);
    if (better) best = std::move(found);
  }
  best->temperature = options.temperatures.back();
  return *std::move(best);
}

}  // namespace asrbench::speech
