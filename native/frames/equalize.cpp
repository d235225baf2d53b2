#include "frames/equalize.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <vector>

#include "frames/bands.hpp"

namespace asrbench::frames {
namespace {

constexpr std::size_t kValues = 256;
using Counts = std::array<std::uint32_t, kValues>;
using Table = std::array<Byte, kValues>;

// Four tables in turn: equal neighbours do not wait for each other's count.
void count(const Byte* row, std::size_t n, std::array<Counts, 4>& counts) {
  std::size_t x = 0;
  for (; x + 8 <= n; x += 8) {
    std::uint64_t eight;
    std::memcpy(&eight, row + x, sizeof eight);
    for (std::size_t i = 0; i < 8; ++i) ++counts[i % 4][(eight >> (8 * i)) & 0xffU];
  }
  for (; x < n; ++x) ++counts[0][row[x]];
}

// As modules/imgproc/src/histogram.cpp of OpenCV 4: a float product, rounded half to even.
Table shares(const Counts& counts, std::uint32_t total) {
  Table table{};
  const auto darkest = static_cast<std::size_t>(
      std::find_if(counts.begin(), counts.end(), [](std::uint32_t n) { return n != 0; }) -
      counts.begin());
  if (counts[darkest] == total) {
    table.fill(static_cast<Byte>(darkest));
    return table;
  }
  const float scale = 255.0F / static_cast<float>(total - counts[darkest]);
  std::uint32_t sum = 0;
  for (std::size_t value = darkest + 1; value < kValues; ++value) {
    sum += counts[value];
    const float share = std::nearbyint(static_cast<float>(sum) * scale);
    table[value] = static_cast<Byte>(std::min(share, 255.0F));
  }
  return table;
}

}  // namespace

void equalize(Image<const Byte> image, Image<Byte> out, ThreadPool& pool, Cancel& cancel) {
  std::vector<std::array<Counts, 4>> counts(pool.threads());
  in_bands(image.rows, image.columns, 1, pool, cancel,
           [&](std::size_t first, std::size_t end, std::size_t worker) {
             for (std::size_t y = first; y < end; ++y) {
               count(image.row(y), image.columns, counts[worker]);
             }
           });
  Counts all{};
  for (const auto& four : counts) {
    for (const Counts& one : four) {
      for (std::size_t value = 0; value < kValues; ++value) all[value] += one[value];
    }
  }
  const Table table = shares(all, static_cast<std::uint32_t>(image.rows * image.columns));
  in_bands(image.rows, image.columns, 1, pool, cancel,
           [&](std::size_t first, std::size_t end, std::size_t) {
             for (std::size_t y = first; y < end; ++y) {
               const Byte* const from = image.row(y);
               Byte* const to = out.row(y);
               for (std::size_t x = 0; x < image.columns; ++x) to[x] = table[from[x]];
             }
           });
}

}  // namespace asrbench::frames
