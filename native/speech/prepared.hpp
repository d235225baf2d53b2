// Weights that were laid out once, in a file to be mapped.
//
// Format: a header of two cache lines, then the arrays of a Store. It is a cache beside the model,
// not a format to hand on: another version, processor or way to compute makes its own.
#pragma once

#include <string>

#include "speech/weights.hpp"

namespace asrbench::speech {

// Writes the store's arrays. Throws Error if the file cannot be written; what was written of it is
// then of no use.
void write_prepared(const std::string& path, const Weights& weights);

// The weights in a file that write_prepared wrote, not copied. Throws ModelError for a file of
// another version, kernels or precision, or of the wrong length.
[[nodiscard]] Weights read_prepared(const std::string& path, const kernels::Kernels& kernels,
                                    kernels::Precision precision);

}  // namespace asrbench::speech
