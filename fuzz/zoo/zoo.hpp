// Seventeen ways to sum bytes, each with a planted bug that bites only where it is armed.
//
// Whatever the way, the answer is the sum of the bytes, so that one oracle serves all. Unarmed,
// each is right: together they are the clean function, at which no lane may raise an alarm.
#pragma once

#include <pybind11/pybind11.h>

#include <span>

namespace zoo {

using Bytes = std::span<const unsigned char>;

// Hides where a value comes from, so that no compiler warns of a bug or removes it.
template <class T>
[[nodiscard]] T opaque(T value) {
  asm volatile("" : "+r"(value) : : "memory");
  return value;
}

[[nodiscard]] inline long sum_of(Bytes data) {
  long total = 0;
  for (const unsigned char byte : data) total += byte;
  return total;
}

// memory.cpp
long heap_overflow_read(Bytes data, bool armed);
long heap_overflow_write(Bytes data, bool armed);
long stack_overflow(Bytes data, bool armed);
long use_after_free(Bytes data, bool armed);
long double_free(Bytes data, bool armed);
long leak_per_call(Bytes data, bool armed);
long uninitialised_read(Bytes data, bool armed);

// arithmetic.cpp
long signed_overflow(Bytes data, bool armed);
long out_of_range_cast(Bytes data, bool armed);
long length_in_16_bits(Bytes data, bool armed);
long quadratic(Bytes data, bool armed);
long endless_loop(Bytes data, bool armed);

// threads.cpp
long data_race(Bytes data, bool armed);
long deadlock_by_lock_order(Bytes data, bool armed);

// boundary.cpp; called with the GIL
long gil_not_held(const pybind11::object& source, Bytes data, bool armed);
long reference_leak(const pybind11::object& source, Bytes data, bool armed);
long buffer_of_a_dead_array(const pybind11::object& source, Bytes data, bool armed);

}  // namespace zoo
