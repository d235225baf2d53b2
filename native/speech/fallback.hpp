// Tries one temperature after another until a window's text is neither repetitive nor unlikely.
//
// The ladder is that of OpenAI's whisper (Radford et al., arXiv 2212.04356, section 4.5), decided
// as faster-whisper decides it: a window that is silent by both thresholds is not tried again, and
// where every attempt failed, the likeliest of those that are not too repetitive is taken.
#pragma once

#include "speech/options.hpp"
#include "speech/search.hpp"

namespace asrbench::speech {

// The text of the window that begins at mel frame `seek`, behind a prompt. The cache attends to the
// window and has no text. Where all attempts failed, its temperature is the last one tried.
[[nodiscard]] Decoded decode(Search& search, std::span<const int> prompt, const Options& options,
                             std::size_t seek);

// Whether a window is to be skipped.
[[nodiscard]] bool silent(const Decoded& decoded, const Options& options);

}  // namespace asrbench::speech
