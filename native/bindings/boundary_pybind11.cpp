// The five functions through pybind11, as its manual has them.
#include <pybind11/numpy.h>
#include <pybind11/pybind11.h>

#include <stdexcept>
#include <string_view>
#include <vector>

#include "boundary/five.hpp"

namespace asrbench::bindings {
namespace {

namespace py = pybind11;
using Values = py::array_t<float, py::array::c_style>;

double array_in(const Values& values) {
  if (values.ndim() != 1) throw std::invalid_argument("values: expected rank 1");
  return boundary::array_in({values.data(), static_cast<std::size_t>(values.size())});
}

Values array_out(std::int64_t count) {
  if (count < 0 || count > boundary::kMost) throw std::invalid_argument("count: out of range");
  auto* const owned = new std::vector<float>(static_cast<std::size_t>(count));
  const py::capsule owner(owned, [](void* p) { delete static_cast<std::vector<float>*>(p); });
  boundary::array_out(*owned);
  return Values(count, owned->data(), owner);
}

std::int64_t bytes_in(const py::bytes& data) {
  return boundary::bytes_in(std::as_bytes(std::span(static_cast<std::string_view>(data))));
}

PYBIND11_MODULE(_boundary_pybind11, module, py::mod_gil_not_used()) {
  module.def("nothing", &boundary::nothing);
  module.def("scalars", &boundary::scalars);
  module.def("array_in", &array_in, py::arg("values").noconvert());
  module.def("array_out", &array_out);
  module.def("bytes_in", &bytes_in);
}

}  // namespace
}  // namespace asrbench::bindings
