// Weights that were laid out once, in a file to be mapped.
//
// Format: a header of two cache lines, which ends with a checksum of what is before it, then the
// arrays of a Store: how many bytes each has follows from the header. It is a cache beside the
// model, not a format to hand on: another version, processor or way to compute makes its own. What
// the arrays hold is trusted.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include "speech/weights.hpp"

namespace asrbench::speech {

inline constexpr std::uint64_t kPreparedVersion = 2;  // raised when a layout or its order changes

// Writes the checksum of a header into its place; what is shorter than a header stays as it is.
void seal_prepared(std::span<std::byte> file);

// Writes the store's arrays. Throws Error if the file cannot be written; what was written of it is
// then of no use.
void write_prepared(const std::string& path, const Weights& weights);

// The weights in a file that write_prepared wrote, not copied. Throws ModelError for a file of
// another version, kernels or precision, or of the wrong length.
[[nodiscard]] Weights read_prepared(const std::string& path, const kernels::Kernels& kernels,
                                    kernels::Precision precision);

// The same of bytes that outlive the weights, and begin at a multiple of kAlignment.
[[nodiscard]] Weights read_prepared(std::span<const std::byte> bytes,
                                    const kernels::Kernels& kernels, kernels::Precision precision);

}  // namespace asrbench::speech
