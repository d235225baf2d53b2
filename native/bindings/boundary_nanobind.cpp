// The five functions through nanobind, as its manual has them.
#include <nanobind/nanobind.h>
#include <nanobind/ndarray.h>

#include <stdexcept>
#include <vector>

#include "boundary/five.hpp"

namespace asrbench::bindings {
namespace {

namespace nb = nanobind;
using Borrowed = nb::ndarray<const float, nb::ndim<1>, nb::c_contig, nb::device::cpu>;
using Given = nb::ndarray<nb::numpy, float, nb::ndim<1>>;

double array_in(const Borrowed& values) {
  return boundary::array_in({values.data(), values.size()});
}

Given array_out(std::int64_t count) {
  if (count < 0 || count > boundary::kMost) throw std::invalid_argument("count: out of range");
  auto* const owned = new std::vector<float>(static_cast<std::size_t>(count));
  const nb::capsule owner(owned,
                          [](void* p) noexcept { delete static_cast<std::vector<float>*>(p); });
  boundary::array_out(*owned);
  return Given(owned->data(), {owned->size()}, owner);
}

std::int64_t bytes_in(const nb::bytes& data) {
  return boundary::bytes_in(std::as_bytes(std::span(data.c_str(), data.size())));
}

NB_MODULE(_boundary_nanobind, module) {
  module.def("nothing", &boundary::nothing);
  module.def("scalars", &boundary::scalars);
  module.def("array_in", &array_in, nb::arg("values").noconvert());
  module.def("array_out", &array_out);
  module.def("bytes_in", &bytes_in);
}

}  // namespace
}  // namespace asrbench::bindings
