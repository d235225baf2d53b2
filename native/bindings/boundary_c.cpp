// The five functions for C: what cffi's module calls.
#include "bindings/boundary_c.h"

#include <span>

#include "boundary/five.hpp"

namespace boundary = asrbench::boundary;

void asrbench_nothing(void) { boundary::nothing(); }

double asrbench_scalars(int64_t count, double value) { return boundary::scalars(count, value); }

double asrbench_array_in(const float* values, size_t count) {
  return boundary::array_in({values, count});
}

void asrbench_array_out(float* values, size_t count) { boundary::array_out({values, count}); }

int64_t asrbench_bytes_in(const char* bytes, size_t count) {
  return boundary::bytes_in(std::as_bytes(std::span(bytes, count)));
}
