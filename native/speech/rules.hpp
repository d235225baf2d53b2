// What may follow the tokens of a window: Whisper's rules about timestamps.
//
// The rules are ApplyTimestampRules of OpenAI's whisper, whisper/decoding.py.
#pragma once

#include <cstddef>
#include <limits>
#include <span>

#include "kernels/kernels.hpp"
#include "speech/config.hpp"
#include "speech/tokenizer.hpp"

namespace asrbench::speech {

inline constexpr float kNever = -std::numeric_limits<float>::infinity();

// Sets the logits (vocabulary) of what may not follow the tokens sampled in this window to
// -infinity: `sampled`, if not empty, begins with a timestamp. Timestamps come in pairs, except
// before end-of-text; no segment ends before or where it began, none begins before the last one's
// end; a window begins with a timestamp of at most `max_initial` steps of 20 ms; and where all
// timestamps together are likelier than the likeliest other token, one of them it is.
void obey(const kernels::Kernels& kernels, const Tokenizer& tokenizer, const Config& config,
          std::size_t max_initial, std::span<const int> sampled, std::span<float> logits);

// ln of the summed exponentials, -infinity where all logits are.
[[nodiscard]] double log_sum_exp(const kernels::Kernels& kernels, std::span<const float> logits);

}  // namespace asrbench::speech
