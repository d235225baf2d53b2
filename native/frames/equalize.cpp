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

constexpr std::size_t kTogether = 8;  // values that are read as one word

// A table for each place in a word: equal neighbours do not wait for each other's count.
using Places = std::array<Counts, kTogether>;

void count(const Byte* row, std::size_t n, Places& counts) {
  std::size_t x = 0;
  for (; x + kTogether <= n; x += kTogether) {
    std::uint64_t word;
    std::memcpy(&word, row + x, sizeof word);
    for (std::size_t i = 0; i < kTogether; ++i) ++counts[i][(word >> (8 * i)) & 0xffU];
  }
  for (; x < n; ++x) ++counts[0][row[x]];
}

void look_up(const Byte* row, std::size_t n, const Table& table, Byte* out) {
  std::size_t x = 0;
  for (; x + kTogether <= n; x += kTogether) {
    std::uint64_t word;
    std::memcpy(&word, row + x, sizeof word);
    std::uint64_t found = 0;
    for (std::size_t i = 0; i < kTogether; ++i) {
      found |= std::uint64_t{table[(word >> (8 * i)) & 0xffU]} << (8 * i);
    }
    std::memcpy(out + x, &found, sizeof found);
  }
  for (; x < n; ++x) out[x] = table[row[x]];
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
  std::vector<Places> counts(pool.threads());
  in_bands(image.rows, image.columns, 1, pool, cancel,
           [&](std::size_t first, std::size_t end, std::size_t worker) {
             for (std::size_t y = first; y < end; ++y) {
               count(image.row(y), image.columns, counts[worker]);
             }
           });
  Counts all{};
  for (const Places& places : counts) {
    for (const Counts& one : places) {
      for (std::size_t value = 0; value < kValues; ++value) all[value] += one[value];
    }
  }
  const Table table = shares(all, static_cast<std::uint32_t>(image.rows * image.columns));
  in_bands(image.rows, image.columns, 1, pool, cancel,
           [&](std::size_t first, std::size_t end, std::size_t) {
             for (std::size_t y = first; y < end; ++y) {
               look_up(image.row(y), image.columns, table, out.row(y));
             }
           });
}

}  // namespace asrbench::frames
