// Gray, Gaussian blur and edges in one pass: an image is read once, and only the result is written.
#pragma once

#include "core/thread_pool.hpp"
#include "frames/border.hpp"
#include "frames/image.hpp"
#include "frames/rows.hpp"

namespace asrbench::frames {

// Each function takes a colour or a gray image, and writes one value a pixel; the result must be of
// the same size and must not overlap the image. They may be called by many threads at once.
struct Edges {
  const Rows& rows;
  Border border;
  ThreadPool& pool;
  Cancel& cancel;

  // OpenCV's BGR2GRAY; a gray image is copied.
  void gray(Image<const Byte> image, Image<Byte> out) const;
  // gray, then OpenCV's 5x5 GaussianBlur of 8 bits: weights 1 4 6 4 1, rounded once.
  void blur(Image<const Byte> image, Image<Byte> out) const;
  // blur, then the 3x3 Sobel magnitude |dx| + |dy|, at most 255.
  void l1(Image<const Byte> image, Image<Byte> out) const;
  // blur, then the 3x3 Sobel magnitude sqrt(dx^2 + dy^2).
  void l2(Image<const Byte> image, Image<float> out) const;
};

}  // namespace asrbench::frames
