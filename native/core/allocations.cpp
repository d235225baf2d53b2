#include "core/allocations.hpp"

#include <atomic>
#include <cstddef>
#include <new>

namespace asrbench::allocations {
namespace {

// No lock and nothing to initialise: a hook may run before main, in any thread, and after fork.
constinit std::atomic<bool> counting{false};
constinit std::atomic<std::uint64_t> calls{0};
constinit std::atomic<std::uint64_t> bytes{0};

// Off: a load, and a branch that is never taken.
[[maybe_unused]] inline void note(std::size_t size) {
  if (counting.load(std::memory_order_relaxed)) [[unlikely]] {
    calls.fetch_add(1, std::memory_order_relaxed);
    bytes.fetch_add(size, std::memory_order_relaxed);
  }
}

}  // namespace

bool hooked() {
#ifdef ASRBENCH_HOOKED
  return true;
#else
  return false;
#endif
}

void count(bool on) { counting.store(on, std::memory_order_relaxed); }

Total total() {
  return {calls.load(std::memory_order_relaxed), bytes.load(std::memory_order_relaxed)};
}

#ifdef ASRBENCH_HOOKED
// The operators as the Itanium C++ ABI names them where size_t is unsigned long. To ld a call of X
// is one of __wrap_X, and a call of __real_X is one of X. Source: ld(1), --wrap.
extern "C" {
using Align = std::align_val_t;
using Nothrow = const std::nothrow_t&;

void* __real__Znwm(std::size_t size);
void* __real__Znam(std::size_t size);
void* __real__ZnwmSt11align_val_t(std::size_t size, Align align);
void* __real__ZnamSt11align_val_t(std::size_t size, Align align);
void* __real__ZnwmRKSt9nothrow_t(std::size_t size, Nothrow tag);
void* __real__ZnamRKSt9nothrow_t(std::size_t size, Nothrow tag);
void* __real__ZnwmSt11align_val_tRKSt9nothrow_t(std::size_t size, Align align, Nothrow tag);
void* __real__ZnamSt11align_val_tRKSt9nothrow_t(std::size_t size, Align align, Nothrow tag);

void* __wrap__Znwm(std::size_t size) {
  note(size);
  return __real__Znwm(size);
}

void* __wrap__Znam(std::size_t size) {
  note(size);
  return __real__Znam(size);
}

void* __wrap__ZnwmSt11align_val_t(std::size_t size, Align align) {
  note(size);
  return __real__ZnwmSt11align_val_t(size, align);
}

void* __wrap__ZnamSt11align_val_t(std::size_t size, Align align) {
  note(size);
  return __real__ZnamSt11align_val_t(size, align);
}

void* __wrap__ZnwmRKSt9nothrow_t(std::size_t size, Nothrow tag) {
  note(size);
  return __real__ZnwmRKSt9nothrow_t(size, tag);
}

void* __wrap__ZnamRKSt9nothrow_t(std::size_t size, Nothrow tag) {
  note(size);
  return __real__ZnamRKSt9nothrow_t(size, tag);
}

void* __wrap__ZnwmSt11align_val_tRKSt9nothrow_t(std::size_t size, Align align, Nothrow tag) {
  note(size);
  return __real__ZnwmSt11align_val_tRKSt9nothrow_t(size, align, tag);
}

void* __wrap__ZnamSt11align_val_tRKSt9nothrow_t(std::size_t size, Align align, Nothrow tag) {
  note(size);
  return __real__ZnamSt11align_val_tRKSt9nothrow_t(size, align, tag);
}
}
#endif

}  // namespace asrbench::allocations
