// Images across the boundary: rows any distance apart are borrowed, pixels must be packed.
//   in:  uint8 of shape (rows, columns) or (rows, columns, 3); a part of a larger image, or one
//   that
//        is upside down, is borrowed as it is
//   out: a new array, or the caller's own, which is then written and given back
// What cannot be borrowed is a TypeError that says how to convert it; nothing is copied.
#pragma once

#include <pybind11/numpy.h>
#include <pybind11/pybind11.h>

#include <vector>

#include "frames/image.hpp"

namespace asrbench::bindings {

namespace py = pybind11;

// A colour or a gray image. Throws TypeError; EngineError where it has no pixel or too many.
[[nodiscard]] frames::Image<const frames::Byte> borrow_image(const py::object& object);

// The array that a result of that shape is written to, and its memory.
template <class T>
struct Target {
  py::array array;
  frames::Image<T> image;
};

// `out`, or a new array where it is None. Throws TypeError where `out` cannot be written,
// OptionError where its shape is another one or its memory is the image's.
template <class T>
[[nodiscard]] Target<T> target(const py::object& out, const std::vector<py::ssize_t>& shape,
                               const frames::Image<const frames::Byte>& image);

}  // namespace asrbench::bindings
