#include "bindings/arrays.hpp"

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace asrbench::bindings {
namespace {

// NumPy's own float32, which nearly every such array has.
const py::object& float32() {
  PYBIND11_CONSTINIT static py::gil_safe_call_once_and_store<py::object> kept;
  return kept.call_once_and_store_result([]() -> py::object { return py::dtype::of<float>(); })
      .get_stored();
}

bool aligned(const py::array& array) {
  return reinterpret_cast<std::uintptr_t>(array.data()) % alignof(float) == 0;
}

// Why the object cannot be borrowed as float32 of that rank; empty where it can.
std::string obstacle(const py::object& object, py::ssize_t rank) {
  if (!py::isinstance<py::array>(object)) {
    return std::string("a ") + Py_TYPE(object.ptr())->tp_name;
  }
  const auto array = py::reinterpret_borrow<py::array>(object);
  if (py::hasattr(object, "mask")) return "a masked array";
  if (!array.dtype().equal(float32())) {
    return "an array of " + py::str(array.dtype()).cast<std::string>();
  }
  if (array.ndim() != rank) return "an array of rank " + std::to_string(array.ndim());
  if ((array.flags() & py::array::c_style) == 0) return "an array that is not contiguous";
  return aligned(array) ? "" : "an array that is not aligned";
}

// Whether it is what nearly every caller has: an array of exactly NumPy's class, which has no mask,
// and with its own float32. It is asked of the array's memory, without a call of Python: obstacle()
// takes ten times as long.
bool plain(const py::object& object, py::ssize_t rank) {
  if (Py_TYPE(object.ptr()) != py::detail::npy_api::get().PyArray_Type_) return false;
  const auto& array = reinterpret_cast<const py::array&>(object);
  return array.dtype().is(float32()) && array.ndim() == rank &&
         (array.flags() & py::array::c_style) != 0 && aligned(array);
}

py::array borrow(const py::object& object, const char* name, py::ssize_t rank) {
  if (plain(object, rank)) return py::reinterpret_borrow<py::array>(object);
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
