// Histogram equalisation of a gray image: the same bits as OpenCV's equalizeHist.
#pragma once

#include "core/thread_pool.hpp"
#include "frames/image.hpp"

namespace asrbench::frames {

// Writes each value's share of the darker and equal values, as 0 to 255; the darkest becomes 0. An
// image of one value stays as it is.
void equalize(Image<const Byte> image, Image<Byte> out, ThreadPool& pool, Cancel& cancel);

}  // namespace asrbench::frames
