// The five functions of the boundary as all our bindings are made: with every check of arrays.hpp.
#include <pybind11/pybind11.h>

#include "bindings/arrays.hpp"
#include "bindings/register.hpp"
#include "boundary/five.hpp"
#include "core/error.hpp"

namespace asrbench::bindings {
namespace {

double array_in(const py::object& values) {
  return boundary::array_in(borrow_values(values, "values"));
}

py::array_t<float> array_out(std::int64_t count) {
  if (count < 0 || count > boundary::kMost) {
    fail<OptionError>("count is ", count, "; expected 0 to ", boundary::kMost);
  }
  Matrix made(1, static_cast<std::size_t>(count));
  boundary::array_out({made.data(), made.columns()});
  return give_row(std::move(made));
}

std::int64_t bytes_in(const py::object& data) {
  return boundary::bytes_in(BorrowedBytes(data, "data").bytes());
}

}  // namespace

void register_boundary(py::module_& module) {
  using py::literals::operator""_a;
  auto five = module.def_submodule("boundary", "What a call costs: next to nothing is done in it.");
  five.def("nothing", &boundary::nothing, "Do nothing.");
  five.def("scalars", &boundary::scalars, "count"_a, "value"_a, "count * value");
  five.def("array_in", &array_in, "values"_a, "The first value and the last one, added.");
  five.def("array_out", &array_out, "count"_a, "0, 1, 2 and so on.");
  five.def("bytes_in", &bytes_in, "data"_a, "256 times the number of bytes, and the last one.");
}

}  // namespace asrbench::bindings
