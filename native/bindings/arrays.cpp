#include "bindings/arrays.hpp"

#include <cstdint>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

namespace asrbench::bindings {
namespace {

// Why the object cannot be borrowed as float32 of that rank; empty where it can.
std::string obstacle(const py::object& object, py::ssize_t rank) {
  if (!py::isinstance<py::array>(object)) {
    return std::string("a ") + Py_TYPE(object.ptr())->tp_name;
  }
  const auto array = py::reinterpret_borrow<py::array>(object);
  std::ostringstream found;
  if (py::hasattr(object, "mask")) return "a masked array";
  if (!array.dtype().is(py::dtype::of<float>())) {
    found << "an array of " << py::str(array.dtype()).cast<std::string>();
  } else if (array.ndim() != rank) {
    found << "an array of rank " << array.ndim();
  } else if ((array.flags() & py::array::c_style) == 0) {
    found << "an array that is not contiguous";
  } else if (reinterpret_cast<std::uintptr_t>(array.data()) % alignof(float) != 0) {
    found << "an array that is not aligned";
  }
  return found.str();
}

py::array borrow(const py::object& object, const char* name, py::ssize_t rank) {
  if (const std::string found = obstacle(object, rank); !found.empty()) {
    throw py::type_error(std::string(name) + " is " + found + "; expected float32 of shape " +
                         (rank == 1 ? "(n,)" : "(rows, columns)") +
                         ", contiguous: np.ascontiguousarray(x, np.float32)");
  }
  return py::reinterpret_borrow<py::array>(object);
}

py::array_t<float> give(Matrix&& matrix, std::vector<py::ssize_t> shape) {
  auto* const owned = new Matrix(std::move(matrix));  // the capsule deletes it
  const py::capsule owner(owned, [](void* p) { delete static_cast<Matrix*>(p); });
  return py::array_t<float>(std::move(shape), owned->data(), owner);
}

}  // namespace

std::span<const float> borrow_values(const py::object& object, const char* name) {
  const py::array array = borrow(object, name, 1);
  return {static_cast<const float*>(array.data()), static_cast<std::size_t>(array.size())};
}

ConstView borrow_rows(const py::object& object, const char* name) {
  const py::array array = borrow(object, name, 2);
  const auto columns = static_cast<std::size_t>(array.shape(1));
  return {static_cast<const float*>(array.data()), static_cast<std::size_t>(array.shape(0)),
          columns, columns};
}

BorrowedBytes::BorrowedBytes(const py::object& source, const char* name) {
  if (PyObject_GetBuffer(source.ptr(), &view_, PyBUF_SIMPLE) != 0) {
    PyErr_Clear();
    throw py::type_error(std::string(name) + " is a " + Py_TYPE(source.ptr())->tp_name +
                         "; expected contiguous bytes: bytes, bytearray, memoryview or mmap");
  }
}

py::array_t<float> give(Matrix&& matrix) {
  const auto rows = static_cast<py::ssize_t>(matrix.rows());
  const auto columns = static_cast<py::ssize_t>(matrix.columns());
  return give(std::move(matrix), {rows, columns});
}

py::array_t<float> give_row(Matrix&& matrix) {
  const auto columns = static_cast<py::ssize_t>(matrix.columns());
  return give(std::move(matrix), {columns});
}

}  // namespace asrbench::bindings
