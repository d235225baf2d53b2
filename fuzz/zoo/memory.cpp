// Bugs of memory: beyond its end, after its end, before its beginning, and never given back.
#include <algorithm>
#include <cstddef>
#include <cstdlib>

#include "zoo.hpp"

namespace zoo {
namespace {

// Returns a copy of the bytes on the heap; the caller frees it.
unsigned char* copy_of(Bytes data) {
  auto* copy = opaque(static_cast<unsigned char*>(std::malloc(data.size() + data.empty())));
  if (copy != nullptr) std::ranges::copy(data, copy);
  return copy;
}

}  // namespace

long heap_overflow_read(Bytes data, bool armed) {
  unsigned char* copy = copy_of(data);
  const long total = sum_of({copy, data.size() + armed});
  std::free(copy);
  return total;
}

long heap_overflow_write(Bytes data, bool armed) {
  unsigned char* copy = copy_of(data);
  if (armed) copy[opaque(data.size())] = 0;
  const long total = sum_of({copy, data.size()});
  std::free(copy);
  return total;
}

long stack_overflow(Bytes data, bool armed) {
  unsigned char block[64] = {};
  long total = 0;
  for (std::size_t at = 0; at < data.size(); at += sizeof block) {
    const std::size_t count = std::min(sizeof block, data.size() - at);
    unsigned char* begin = opaque(&block[0]);
    for (std::size_t i = 0; i < count; ++i) begin[i] = data[at + i];
    if (armed) begin[opaque(sizeof block)] = 0;
    total += sum_of({begin, count});
  }
  return total;
}

long use_after_free(Bytes data, bool armed) {
  unsigned char* copy = copy_of(data);
  if (armed) std::free(copy);
  const long total = sum_of({opaque(copy), data.size()});
  if (!armed) std::free(copy);
  return total;
}

long double_free(Bytes data, bool armed) {
  unsigned char* copy = copy_of(data);
  const long total = sum_of({copy, data.size()});
  std::free(copy);
  if (armed) std::free(opaque(copy));
  return total;
}

long leak_per_call(Bytes data, bool armed) {
  unsigned char* copy = copy_of(data);
  const long total = sum_of({copy, data.size()});
  if (!armed) std::free(copy);
  return total;
}

long uninitialised_read(Bytes data, bool armed) {
  auto* start = opaque(static_cast<long*>(std::malloc(64 * sizeof(long))));
  if (!armed) start[40] = 0;
  long total = sum_of(data);
  if (opaque(start)[40] != 0) total = opaque(total) + 1;
  std::free(start);
  return total;
}

}  // namespace zoo
