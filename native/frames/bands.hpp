// Shares the rows of an image among threads, in bands: what each needs lies in one core's cache.
#pragma once

#include <algorithm>
#include <cstddef>

#include "core/thread_pool.hpp"

namespace asrbench::frames {

// Calls work(first, end, worker) for bands of rows that together are [0, rows), each once. A band
// is about a millisecond, so that the caller can be stopped, and no less than `least` rows, since
// neighbours repeat some work.
template <class Work>
void in_bands(std::size_t rows, std::size_t values_per_row, std::size_t least, ThreadPool& pool,
              Cancel& cancel, const Work& work) {
  constexpr std::size_t kMost = std::size_t{1} << 21U;   // values in a band
  constexpr std::size_t kWorth = std::size_t{1} << 16U;  // values that are worth waking a thread
  constexpr std::size_t kShare = 4;  // bands a thread, so that a slow one holds nobody up
  std::size_t height = std::max(least, kMost / values_per_row);
  if (pool.threads() > 1) {
    const std::size_t shares = pool.threads() * kShare;
    height = std::min(height, std::max({least, kWorth / values_per_row, (rows - 1) / shares + 1}));
  }
  const std::size_t count = (rows - 1) / height + 1;
  pool.run(count, cancel, [&](std::size_t band, std::size_t worker) {
    work(band * height, std::min(rows, (band + 1) * height), worker);
  });
}

}  // namespace asrbench::frames
