#include "bindings/images.hpp"

#include <cstdint>
#include <cstdlib>
#include <sstream>
#include <string>
#include <utility>

#include "core/error.hpp"

namespace asrbench::bindings {
namespace {

using frames::Byte;
using frames::Image;

template <class T>
constexpr const char* kDtype = "uint8";
template <>
constexpr const char* kDtype<float> = "float32";

std::string shown(const py::array& array) {
  return py::str(array.attr("shape")).cast<std::string>();
}

std::string text_of(const std::vector<py::ssize_t>& shape) {
  std::string text;
  for (const py::ssize_t size : shape) {
    text += text.empty() ? "(" : ", ";
    text += std::to_string(size);
  }
  return text + ")";
}

// Why an object does not lend rows of packed values of type T; empty where it does.
template <class T>
std::string obstacle(const py::object& object) {
  if (!py::isinstance<py::array>(object)) return std::string("a ") + Py_TYPE(object.ptr())->tp_name;
  if (py::hasattr(object, "mask")) return "a masked array";
  const auto array = py::reinterpret_borrow<py::array>(object);
  if (!array.dtype().is(py::dtype::of<T>())) {
    return "an array of " + py::str(array.dtype()).cast<std::string>();
  }
  if (array.ndim() != 2 && array.ndim() != 3) {
    return "an array of rank " + std::to_string(array.ndim());
  }
  if (array.size() == 0) return "";                   // strides of nothing; refused by its shape
  auto packed = static_cast<py::ssize_t>(sizeof(T));  // the distance of two values of this axis
  for (py::ssize_t axis = array.ndim() - 1; axis > 0; --axis) {
    if (array.shape(axis) > 1 && array.strides(axis) != packed) {
      return "an array whose rows are not packed, of strides " +
             py::str(array.attr("strides")).cast<std::string>();
    }
    packed *= array.shape(axis);
  }
  const auto address = reinterpret_cast<std::uintptr_t>(array.data());
  if (address % alignof(T) != 0 || array.strides(0) % py::ssize_t{sizeof(T)} != 0) {
    return "an array that is not aligned";
  }
  return "";
}

// The memory that an image lies in: first byte, and the byte behind the last.
template <class T>
std::pair<std::uintptr_t, std::uintptr_t> extent(const Image<T>& image) {
  const T* first = image.row(0);
  const T* last = image.row(image.rows - 1);
  if (image.step < 0) std::swap(first, last);
  return {reinterpret_cast<std::uintptr_t>(first),
          reinterpret_cast<std::uintptr_t>(last + image.width())};
}

}  // namespace

Image<const Byte> borrow_image(const py::object& object) {
  std::string found = obstacle<Byte>(object);
  if (found.empty()) {
    const auto array = py::reinterpret_borrow<py::array>(object);
    if (array.ndim() == 3 && array.shape(2) != static_cast<py::ssize_t>(frames::kBgr)) {
      found = "an array of shape " + shown(array);
    }
  }
  if (!found.empty()) {
    throw py::type_error(
        "image is " + found +
        "; expected uint8 of shape (rows, columns) or (rows, columns, 3), rows any "
        "distance apart: np.ascontiguousarray(x, np.uint8)");
  }
  const auto array = py::reinterpret_borrow<py::array>(object);
  const auto rows = static_cast<std::size_t>(array.shape(0));
  const auto columns = static_cast<std::size_t>(array.shape(1));
  if (rows < 1 || columns < 1 || rows > frames::kMaxSide || columns > frames::kMaxSide) {
    fail<EngineError>("image has ", rows, " rows and ", columns, " columns; expected 1 to ",
                      frames::kMaxSide, " of each");
  }
  return {static_cast<const Byte*>(array.data()), rows, columns,
          array.ndim() == 3 ? frames::kBgr : 1, rows > 1 ? array.strides(0) : 0};
}

template <class T>
Target<T> target(const py::object& out, const std::vector<py::ssize_t>& shape,
                 const Image<const Byte>& image) {
  const auto rows = static_cast<std::size_t>(shape[0]);
  const auto columns = static_cast<std::size_t>(shape[1]);
  const std::size_t channels = shape.size() == 3 ? static_cast<std::size_t>(shape[2]) : 1;
  if (out.is_none()) {
    py::array_t<T> made(shape);
    T* const data = made.mutable_data();
    return {std::move(made),
            {data, rows, columns, channels, static_cast<std::ptrdiff_t>(columns * channels)}};
  }
  const std::string wanted = text_of(shape);
  const auto refuse = [&wanted](const std::string& found) {
    throw py::type_error("out is " + found + "; expected " + kDtype<T> + " of shape " + wanted +
                         ", writeable: np.empty(" + wanted + ", np." + kDtype<T> + ")");
  };
  if (const std::string found = obstacle<T>(out); !found.empty()) refuse(found);
  auto array = py::reinterpret_borrow<py::array>(out);
  if (std::vector<py::ssize_t>(array.shape(), array.shape() + array.ndim()) != shape) {
    fail<OptionError>("out has shape ", shown(array), "; expected ", wanted);
  }
  if (!array.writeable()) refuse("an array that is read only");
  const auto width = static_cast<py::ssize_t>(columns * channels * sizeof(T));
  if (rows > 1 && std::abs(array.strides(0)) < width) refuse("an array whose rows overlap");
  const Image<T> memory{static_cast<T*>(array.mutable_data()), rows, columns, channels,
                        rows > 1 ? array.strides(0) / py::ssize_t{sizeof(T)} : 0};
  const auto [from, from_end] = extent(image);
  const auto [to, to_end] = extent(memory);
  if (from < to_end && to < from_end) {
    fail<OptionError>("out lies in the memory of the image; expected memory of its own");
  }
  return {std::move(array), memory};
}

template Target<Byte> target(const py::object&, const std::vector<py::ssize_t>&,
                             const Image<const Byte>&);
template Target<float> target(const py::object&, const std::vector<py::ssize_t>&,
                              const Image<const Byte>&);

}  // namespace asrbench::bindings
