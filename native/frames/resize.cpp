#include "frames/resize.hpp"

#include <cmath>

#include "frames/bands.hpp"

namespace asrbench::frames {

// As modules/imgproc/src/resize.cpp of OpenCV 4 (interpolationLinear): in doubles, the weight
// rounded half to even. OpenCV takes from/to as one over to/from, and so must we.
std::vector<Between> places(std::size_t from, std::size_t to) {
  const double ratio = static_cast<double>(to) / static_cast<double>(from);
  const double scale = 1.0 / ratio;
  std::vector<Between> found;
  found.reserve(to);
  for (std::size_t i = 0; i < to; ++i) {
    const double place = scale * (static_cast<double>(i) + 0.5) - 0.5;
    const double floor = std::floor(place);
    if (floor < 0 || from == 1) {
      found.push_back({0, 0, kWhole, 0});
    } else if (floor >= static_cast<double>(from - 1)) {
      found.push_back({from - 1, from - 1, kWhole, 0});
    } else {
      const auto lower = static_cast<std::size_t>(floor);
      const auto weight = static_cast<std::uint16_t>(std::nearbyint((place - floor) * kWhole));
      found.push_back({lower, lower + 1, static_cast<std::uint16_t>(kWhole - weight), weight});
    }
  }
  return found;
}

Resizer::Resizer(const Rows& rows, Image<const Byte> image, std::size_t to_rows,
                 std::size_t to_columns)
    : rows_(rows),
      image_(image),
      down_(places(image.rows, to_rows)),
      across_(places(image.columns, to_columns)) {}

void Resizer::row(std::size_t y, Buffer<std::uint16_t>& scratch, Byte* out) const {
  const Between& at = down_[y];
  rows_.mix(image_.row(at.lower), image_.row(at.upper), at.lower_weight, at.upper_weight,
            scratch.data(), image_.width());
  if (image_.channels == kBgr) {
    across<kBgr>(scratch.data(), out);
  } else {
    across<1>(scratch.data(), out);
  }
}

// The two roundings of a separable filter are one here: the sums are exact until the last shift.
template <std::size_t channels>
void Resizer::across(const std::uint16_t* mixed, Byte* out) const {
  constexpr std::uint32_t kHalf = 1U << (2 * kWeightBits - 1);
  for (const Between& at : across_) {
    for (std::size_t c = 0; c < channels; ++c) {
      const std::uint32_t lower = mixed[at.lower * channels + c] * std::uint32_t{at.lower_weight};
      const std::uint32_t upper = mixed[at.upper * channels + c] * std::uint32_t{at.upper_weight};
      *out++ = static_cast<Byte>((lower + upper + kHalf) >> (2 * kWeightBits));
    }
  }
}

void resize(const Rows& rows, Image<const Byte> image, Image<Byte> out, ThreadPool& pool,
            Cancel& cancel) {
  const Resizer resizer(rows, image, out.rows, out.columns);
  in_bands(out.rows, std::max(out.width(), image.width()), 1, pool, cancel,
           [&](std::size_t first, std::size_t end, std::size_t) {
             Buffer<std::uint16_t> scratch = resizer.scratch();
             for (std::size_t y = first; y < end; ++y) resizer.row(y, scratch, out.row(y));
           });
}

}  // namespace asrbench::frames
