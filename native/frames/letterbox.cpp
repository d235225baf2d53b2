#include "frames/letterbox.hpp"

#include <algorithm>
#include <cmath>

#include "core/matrix.hpp"
#include "frames/bands.hpp"
#include "frames/resize.hpp"

namespace asrbench::frames {

Fit fit(std::size_t rows, std::size_t columns, std::size_t frame_rows, std::size_t frame_columns) {
  const double ratio = std::min(static_cast<double>(frame_rows) / static_cast<double>(rows),
                                static_cast<double>(frame_columns) / static_cast<double>(columns));
  const auto scaled = [ratio](std::size_t size, std::size_t most) {
    const double exact = std::nearbyint(static_cast<double>(size) * ratio);
    return std::clamp(static_cast<std::size_t>(exact), std::size_t{1}, most);
  };
  const std::size_t inner_rows = scaled(rows, frame_rows);
  const std::size_t inner_columns = scaled(columns, frame_columns);
  return {(frame_rows - inner_rows) / 2, (frame_columns - inner_columns) / 2, inner_rows,
          inner_columns};
}

void letterbox(const Rows& rows, Image<const Byte> image, const Normalisation& how, Frame out,
               ThreadPool& pool, Cancel& cancel) {
  const Fit inner = fit(image.rows, image.columns, out.rows, out.columns);
  const Resizer resizer(rows, image, inner.rows, inner.columns);
  std::array<float*, kBgr> planes;   // where blue, green and red go
  std::array<float, kBgr> around{};  // their values outside the image
  for (std::size_t c = 0; c < kBgr; ++c) {
    const std::size_t plane = how.planes == Planes::kBgr ? c : kBgr - 1 - c;
    planes[c] = out.data + plane * out.rows * out.columns;
    around[c] = (static_cast<float>(how.fill) - how.mean[c]) * how.scale[c];
  }
  const auto make = [&](std::size_t y, Buffer<std::uint16_t>& scratch, Buffer<Byte>& resized) {
    const bool within = y >= inner.top && y < inner.top + inner.rows;
    std::array<float*, kBgr> to;
    for (std::size_t c = 0; c < kBgr; ++c) {
      float* const row = planes[c] + y * out.columns;
      to[c] = row + inner.left;
      std::fill(row, within ? to[c] : row + out.columns, around[c]);
      if (within) std::fill(to[c] + inner.columns, row + out.columns, around[c]);
    }
    if (!within) return;
    resizer.row(y - inner.top, scratch, resized.data());
    rows.normalise(resized.data(), to.data(), how.mean.data(), how.scale.data(), inner.columns);
  };
  in_bands(out.rows, std::max(out.columns * kBgr, image.width()), 1, pool, cancel,
           [&](std::size_t first, std::size_t end, std::size_t) {
             Buffer<std::uint16_t> scratch = resizer.scratch();
             Buffer<Byte> resized(inner.columns * kBgr);
             for (std::size_t y = first; y < end; ++y) make(y, scratch, resized);
           });
}

}  // namespace asrbench::frames
