// How often the extension calls operator new, and for how many bytes, while somebody counts.
//
// The linker turns each call of an operator new that is in our objects, the bindings' and inlined
// templates' among them, into one of the hooks of allocations.cpp (ld's --wrap), and they go on to
// the operator itself: who allocates and who frees is the same with and without, also under
// Valgrind. What libstdc++ allocates within its own library (a string that outgrows its object, an
// exception) and what malloc is asked for are not counted.
#pragma once

#include <cstdint>

namespace asrbench::allocations {

struct Total {
  std::uint64_t calls;  // of operator new; new[] is one, and so is one that throws
  std::uint64_t bytes;  // asked for
};

// Whether this build has the hooks: on Linux, and not under a sanitizer.
[[nodiscard]] bool hooked();

// Counts from now on, or no longer. One switch and one count for all threads of the process.
void count(bool on);

// What was counted so far; of other threads, what happened before.
[[nodiscard]] Total total();

}  // namespace asrbench::allocations
