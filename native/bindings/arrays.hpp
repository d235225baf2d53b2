// The only place where NumPy memory becomes C++ memory and back.
//   in:  borrowed, never converted: what cannot be borrowed is a TypeError that says how to convert
//   out: moved; the array owns the C++ buffer through a capsule, and nothing is copied
// The caller must not resize or write a borrowed buffer while a call works on it.
#pragma once

#include <pybind11/numpy.h>
#include <pybind11/pybind11.h>

#include <cstddef>
#include <span>
#include <string_view>

#include "core/matrix.hpp"

namespace asrbench::bindings {

namespace py = pybind11;

// float32 values of shape (n,), in C order, aligned and not masked. Throws TypeError.
[[nodiscard]] std::span<const float> borrow_values(const py::object& array, const char* name);

// float32 values of shape (rows, columns), likewise.
[[nodiscard]] ConstView borrow_rows(const py::object& array, const char* name);

// The bytes of anything that lends them: bytes, bytearray, memoryview, mmap.
class BorrowedBytes {
 public:
  BorrowedBytes(const py::object& source, const char* name);  // throws TypeError
  ~BorrowedBytes() { PyBuffer_Release(&view_); }
  BorrowedBytes(const BorrowedBytes&) = delete;
  BorrowedBytes& operator=(const BorrowedBytes&) = delete;

  [[nodiscard]] std::span<const std::byte> bytes() const {
    return {static_cast<const std::byte*>(view_.buf), static_cast<std::size_t>(view_.len)};
  }
  [[nodiscard]] std::string_view text() const {
    return {static_cast<const char*>(view_.buf), static_cast<std::size_t>(view_.len)};
  }

 private:
  Py_buffer view_{};
};

// An array that owns the matrix: (rows, columns), or (columns,) of its only row.
[[nodiscard]] py::array_t<float> give(Matrix&& matrix);
[[nodiscard]] py::array_t<float> give_row(Matrix&& matrix);

}  // namespace asrbench::bindings
