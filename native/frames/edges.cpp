#include "frames/edges.hpp"

#include <algorithm>
#include <array>
#include <cstring>

#include "core/matrix.hpp"
#include "frames/bands.hpp"

namespace asrbench::frames {
namespace {

constexpr std::size_t kLeast = 16;  // rows of a band; eight more gray rows are made for its borders
constexpr std::ptrdiff_t kBlurReach = 2;
constexpr std::ptrdiff_t kSobelReach = 1;
constexpr std::size_t kBlurRows = 5;
constexpr std::size_t kSobelRows = 3;

// Scratch rows of `columns` values with margins; row r lies in the place of row r - count.
template <class T>
class Ring {
 public:
  Ring(std::size_t count, std::size_t columns)
      : count_(count),
        stride_((columns + 3 * kMargin - 1) / kMargin * kMargin),
        values_(count * stride_) {
    std::fill(values_.begin(), values_.end(), T{0});
  }

  [[nodiscard]] T* row(std::ptrdiff_t r) {
    return values_.data() + static_cast<std::size_t>(r) % count_ * stride_ + kMargin;
  }

 private:
  std::size_t count_;
  std::size_t stride_;
  Buffer<T> values_;
};

// Makes the gray, blurred and differentiated rows of one band, in order, each when it is needed.
class Band {
 public:
  Band(const Edges& edges, Image<const Byte> image, std::size_t first)
      : edges_(edges),
        image_(image),
        columns_(static_cast<std::ptrdiff_t>(image.columns)),
        height_(static_cast<std::ptrdiff_t>(image.rows)),
        gray_(kBlurRows, image.columns),
        blurred_(kSobelRows, image.columns),
        nothing_(1, image.columns),
        sums_(1, image.columns),
        smooth_(1, image.columns),
        slope_(1, image.columns) {
    const auto top = static_cast<std::ptrdiff_t>(first);
    next_blurred_ = std::max<std::ptrdiff_t>(0, top - kSobelReach);
    next_gray_ = std::max<std::ptrdiff_t>(0, top - kSobelReach - kBlurReach);
  }

  void blur(std::ptrdiff_t y, Byte* out) {
    while (next_gray_ <= std::min(y + kBlurReach, height_ - 1)) make_gray(next_gray_++);
    std::array<const Byte*, kBlurRows> rows;
    look_up(gray_, y - kBlurReach, rows);
    std::uint16_t* const sums = sums_.row(0);
    edges_.rows.blur_down(rows.data(), sums, image_.columns);
    extend(sums, kBlurReach);
    edges_.rows.blur_across(sums, out, image_.columns);
  }

  // Leaves the column sums of a row's derivatives in smooth() and slope().
  void differentiate(std::ptrdiff_t y) {
    while (next_blurred_ <= std::min(y + kSobelReach, height_ - 1)) {
      blur(next_blurred_, blurred_.row(next_blurred_));
      ++next_blurred_;
    }
    std::array<const Byte*, kSobelRows> rows;
    look_up(blurred_, y - kSobelReach, rows);
    edges_.rows.sobel_down(rows.data(), smooth_.row(0), slope_.row(0), image_.columns);
    extend(smooth_.row(0), kSobelReach);
    extend(slope_.row(0), kSobelReach);
  }

  [[nodiscard]] const std::uint16_t* smooth() { return smooth_.row(0); }
  [[nodiscard]] const std::uint16_t* slope() { return slope_.row(0); }

 private:
  void make_gray(std::ptrdiff_t y) {
    const Byte* const row = image_.row(static_cast<std::size_t>(y));
    if (image_.channels == kBgr) {
      edges_.rows.gray(row, gray_.row(y), image_.columns);
    } else {
      std::memcpy(gray_.row(y), row, image_.columns);
    }
    if (y + 1 < height_) fetch(image_.row(static_cast<std::size_t>(y + 1)));
  }

  // Asks for a row of the image ahead of its turn: it comes from memory while the last one is
  // worked on.
  void fetch(const Byte* row) const {
    for (std::size_t x = 0; x < image_.width(); x += kAlignment) __builtin_prefetch(row + x, 0, 2);
  }

  // The rows from `top` on, those beyond the border as it says.
  template <std::size_t count>
  void look_up(Ring<Byte>& ring, std::ptrdiff_t top, std::array<const Byte*, count>& rows) {
    for (std::size_t i = 0; i < count; ++i) {
      const auto y = top + static_cast<std::ptrdiff_t>(i);
      const std::ptrdiff_t found = reflected(y, height_, edges_.border);
      rows[i] = found == kOutside ? nothing_.row(0) : ring.row(found);
    }
  }

  // Columns beyond the border: sums over rows are linear, so those of the same columns.
  void extend(std::uint16_t* sums, std::ptrdiff_t reach) const {
    for (std::ptrdiff_t i = 1; i <= reach; ++i) {
      for (const std::ptrdiff_t x : {-i, columns_ - 1 + i}) {
        const std::ptrdiff_t found = reflected(x, columns_, edges_.border);
        sums[x] = found == kOutside ? std::uint16_t{0} : sums[found];
      }
    }
  }

  const Edges& edges_;
  Image<const Byte> image_;
  std::ptrdiff_t columns_;
  std::ptrdiff_t height_;
  Ring<Byte> gray_;
  Ring<Byte> blurred_;
  Ring<Byte> nothing_;  // a row of zeros
  Ring<std::uint16_t> sums_;
  Ring<std::uint16_t> smooth_;
  Ring<std::uint16_t> slope_;
  std::ptrdiff_t next_gray_;
  std::ptrdiff_t next_blurred_;
};

// Calls make(band, row) for every row, in bands.
template <class Make>
void by_row(const Edges& edges, Image<const Byte> image, const Make& make) {
  in_bands(image.rows, image.width(), kLeast, edges.pool, edges.cancel,
           [&](std::size_t first, std::size_t end, std::size_t) {
             Band band(edges, image, first);
             for (std::size_t y = first; y < end; ++y) make(band, y);
           });
}

}  // namespace

void Edges::gray(Image<const Byte> image, Image<Byte> out) const {
  in_bands(image.rows, image.width(), 1, pool, cancel,
           [&](std::size_t first, std::size_t end, std::size_t) {
             for (std::size_t y = first; y < end; ++y) {
               if (image.channels == kBgr) {
                 rows.gray(image.row(y), out.row(y), image.columns);
               } else {
                 std::memcpy(out.row(y), image.row(y), image.columns);
               }
             }
           });
}

void Edges::blur(Image<const Byte> image, Image<Byte> out) const {
  by_row(*this, image,
         [&](Band& band, std::size_t y) { band.blur(static_cast<std::ptrdiff_t>(y), out.row(y)); });
}

void Edges::l1(Image<const Byte> image, Image<Byte> out) const {
  by_row(*this, image, [&](Band& band, std::size_t y) {
    band.differentiate(static_cast<std::ptrdiff_t>(y));
    rows.sobel_l1(band.smooth(), band.slope(), out.row(y), image.columns);
  });
}

void Edges::l2(Image<const Byte> image, Image<float> out) const {
  by_row(*this, image, [&](Band& band, std::size_t y) {
    band.differentiate(static_cast<std::ptrdiff_t>(y));
    rows.sobel_l2(band.smooth(), band.slope(), out.row(y), image.columns);
  });
}

}  // namespace asrbench::frames
