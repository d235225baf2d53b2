// Beam search: the likeliest texts of a window grow side by side, and the best that ended is taken.
//
// Whose candidates end a text, what takes its place and when the search is over are as in
// CTranslate2: patience says how many texts must have ended, in beam sizes (Kasai et al.,
// arXiv 2204.05424), and a text's log-probability is divided by its length to the power of
// length_penalty (Wu et al., arXiv 1609.08144, without its constants). With a penalty of 0 the
// search is over when the likeliest text ends.
#pragma once

#include "speech/search.hpp"

namespace asrbench::speech {

// At most as many texts as the cache has lanes. Throws EngineError if no token is allowed.
[[nodiscard]] Decoded beam(Search& search, const Opening& opening, std::size_t size,
                           double patience, double length_penalty);

}  // namespace asrbench::speech
