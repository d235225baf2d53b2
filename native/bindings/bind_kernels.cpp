// The kernels as functions of arrays, each by the name of its instruction set: for tests.
#include <pybind11/pybind11.h>
#include <pybind11/stl.h>

#include <algorithm>
#include <optional>
#include <string>

#include "bindings/arrays.hpp"
#include "bindings/register.hpp"
#include "core/error.hpp"
#include "kernels/choose.hpp"
#include "kernels/linear.hpp"
#include "speech/attention.hpp"

namespace asrbench::bindings {
namespace {

using kernels::Activation;
using kernels::Kernels;
using kernels::Linear;
using kernels::Precision;

Matrix copy_of(ConstView from) {
  Matrix copy(from.rows, from.columns);
  for (std::size_t r = 0; r < from.rows; ++r) {
    std::copy_n(from.row(r), from.columns, copy.row(r));
  }
  return copy;
}

void expect_size(const char* name, std::size_t found, std::size_t expected) {
  if (found != expected) {
    fail<OptionError>(name, " has ", found, " values; expected ", expected);
  }
}

std::span<const float> borrow_or_none(const std::optional<py::object>& array, const char* name,
                                      std::size_t expected) {
  if (!array) return {};
  const auto values = borrow_values(*array, name);
  expect_size(name, values.size(), expected);
  return values;
}

py::array_t<float> gemm(const py::object& a, const py::object& w,
                        const std::optional<py::object>& bias,
                        const std::optional<py::object>& residual, bool gelu,
                        const std::string& precision, bool even, const std::string& isa) {
  const Kernels& kernels = kernels::named(isa);
  const Precision kind = kernels::precision_of(precision);
  const ConstView left = borrow_rows(a, "a");
  const ConstView right = borrow_rows(w, "w");
  expect_size("a row of w", right.columns, left.columns);
  if (left.columns == 0) fail<OptionError>("a has 0 columns; expected at least 1");
  const auto offsets = borrow_or_none(bias, "bias", right.rows);
  Matrix c(left.rows, right.rows);
  if (residual) {
    const ConstView rest = borrow_rows(*residual, "residual");
    expect_size("residual's rows", rest.rows, c.rows());
    expect_size("a row of residual", rest.columns, c.columns());
    c = copy_of(rest);
  }
  if (even && kind != Precision::kInt16) fail<OptionError>("even is for int16; not ", precision);
  Store store;
  const auto weights = [&] {
    return Buffer<float>(right.data, right.data + right.rows * right.columns);
  };
  const Linear linear =
      kind == Precision::kFloat32
          ? Linear::panels(kernels, store, right.rows, right.columns, weights, offsets)
          : Linear::ints(kernels, store, right.rows, right.columns, weights, offsets, kind, even);
  kernels::Operand operand(left.rows, left.columns);
  operand.set(kernels, left, linear);
  linear.multiply(kernels, operand, c.view(), gelu ? Activation::kGelu : Activation::kNone,
                  residual.has_value());
  return give(std::move(c));
}

// One head: queries, keys and values of `size` columns each. The places from `taken` on come out of
// another head, as those of a cached window do.
py::array_t<float> attend(const py::object& queries, const py::object& keys,
                          const py::object& values, const std::string& precision,
                          const std::optional<std::size_t>& taken, const std::string& isa) {
  const ConstView q = borrow_rows(queries, "queries");
  const ConstView k = borrow_rows(keys, "keys");
  const ConstView v = borrow_rows(values, "values");
  expect_size("a row of keys", k.columns, q.columns);
  expect_size("values' rows", v.rows, k.rows);
  expect_size("a row of values", v.columns, k.columns);
  if (k.rows == 0 || k.columns == 0) fail<OptionError>("keys are empty; expected at least one");
  speech::KeyValues head(kernels::named(isa), 1, k.columns, k.rows,
                         kernels::precision_of(precision));
  head.put(0, 0, k, v);
  if (taken) {
    if (*taken > k.rows || (*taken % kernels::kGroup != 0 && *taken != k.rows)) {
      fail<OptionError>("taken is ", *taken, "; expected a multiple of ", kernels::kGroup,
                        " of at most ", k.rows);
    }
    const speech::KeyValues other = head;
    head = speech::KeyValues(kernels::named(isa), 1, k.columns, k.rows,
                             kernels::precision_of(precision));
    head.put(0, 0, {k.data, *taken, k.columns, k.stride}, {v.data, *taken, v.columns, v.stride});
    head.put(0, *taken, other);
  }
  head.seal(0);
  speech::AttentionScratch scratch(q.rows, k.rows, k.columns);
  Matrix out(q.rows, q.columns);
  head.attend(0, q, out.view(), scratch);
  return give(std::move(out));
}

py::array_t<float> gemv(const py::object& w, const py::object& x,
                        const std::optional<py::object>& bias, const std::string& isa) {
  const ConstView rows = borrow_rows(w, "w");
  const auto values = borrow_values(x, "x");
  expect_size("x", values.size(), rows.columns);
  const auto b = borrow_or_none(bias, "bias", rows.rows);
  Matrix y(1, rows.rows);
  kernels::named(isa).gemv({rows.data, rows.columns, values.data(), y.data(), rows.rows,
                            rows.columns, b.empty() ? nullptr : b.data()});
  return give_row(std::move(y));
}

// Half-precision weights come as their bit patterns: (rows, columns) of uint16.
py::array_t<float> gemv_half(const py::array_t<std::uint16_t, py::array::c_style>& w,
                             const py::object& x, const std::string& isa) {
  if (w.ndim() != 2) fail<OptionError>("w has rank ", w.ndim(), "; expected 2");
  const auto values = borrow_values(x, "x");
  const auto columns = static_cast<std::size_t>(w.shape(1));
  expect_size("x", values.size(), columns);
  Matrix y(1, static_cast<std::size_t>(w.shape(0)));
  kernels::named(isa).gemv_half({w.data(), columns, values.data(), y.data(), y.columns(), columns});
  return give_row(std::move(y));
}

py::array_t<float> layer_norm(const py::object& x, const py::object& gamma, const py::object& beta,
                              float epsilon, const std::string& isa) {
  const ConstView rows = borrow_rows(x, "x");
  const auto g = borrow_values(gamma, "gamma");
  const auto b = borrow_values(beta, "beta");
  expect_size("gamma", g.size(), rows.columns);
  expect_size("beta", b.size(), rows.columns);
  Matrix y(rows.rows, rows.columns);
  const Kernels& kernels = kernels::named(isa);
  for (std::size_t r = 0; r < rows.rows && rows.columns > 0; ++r) {
    kernels.layer_norm(rows.row(r), g.data(), b.data(), epsilon, y.row(r), rows.columns);
  }
  return give(std::move(y));
}

py::array_t<float> softmax(const py::object& x, float scale, const std::string& isa) {
  const ConstView rows = borrow_rows(x, "x");
  Matrix y = copy_of(rows);
  const Kernels& kernels = kernels::named(isa);
  for (std::size_t r = 0; r < y.rows() && y.columns() > 0; ++r) {
    kernels.softmax(y.row(r), scale, y.columns());
  }
  return give(std::move(y));
}

py::array_t<float> gelu(const py::object& x, const std::string& isa) {
  const auto values = borrow_values(x, "x");
  Matrix y = copy_of({values.data(), 1, values.size(), values.size()});
  kernels::named(isa).gelu(y.data(), values.size());
  return give_row(std::move(y));
}

py::array_t<float> weighted_sum(const py::object& p, const py::object& v, const std::string& isa) {
  const auto weights = borrow_values(p, "p");
  const ConstView rows = borrow_rows(v, "v");
  expect_size("p", weights.size(), rows.rows);
  Matrix y(1, rows.columns);
  kernels::named(isa).weighted_sum(weights.data(), rows.data, rows.columns, y.data(), rows.rows,
                                   rows.columns);
  return give_row(std::move(y));
}

float sum_exp(const py::object& x, float shift, const std::string& isa) {
  const auto values = borrow_values(x, "x");
  return kernels::named(isa).sum_exp(values.data(), shift, values.size());
}

float max(const py::object& x, const std::string& isa) {
  const auto values = borrow_values(x, "x");
  if (values.empty()) fail<OptionError>("x is empty; expected at least one value");
  return kernels::named(isa).max(values.data(), values.size());
}

}  // namespace

void register_kernels(py::module_& module) {
  using py::literals::operator""_a;
  auto kernels = module.def_submodule("kernels", "The kernels, by instruction set.");
  kernels.def("gemm", &gemm, "a"_a, "w"_a, "bias"_a = py::none(), "residual"_a = py::none(),
              "gelu"_a = false, "precision"_a = "float32", "even"_a = false, py::kw_only(),
              "isa"_a);
  kernels.def("attend", &attend, "queries"_a, "keys"_a, "values"_a, "precision"_a = "float32",
              "taken"_a = py::none(), py::kw_only(), "isa"_a);
  kernels.def(
      "int8_levels", [](const std::string& isa) { return kernels::named(isa).int8_levels; },
      py::kw_only(), "isa"_a);
  kernels.def("gemv", &gemv, "w"_a, "x"_a, "bias"_a = py::none(), py::kw_only(), "isa"_a);
  kernels.def("gemv_half", &gemv_half, py::arg("w").noconvert(), "x"_a, py::kw_only(), "isa"_a);
  kernels.def("layer_norm", &layer_norm, "x"_a, "gamma"_a, "beta"_a, "epsilon"_a = 1e-5F,
              py::kw_only(), "isa"_a);
  kernels.def("softmax", &softmax, "x"_a, "scale"_a = 1.0F, py::kw_only(), "isa"_a);
  kernels.def("gelu", &gelu, "x"_a, py::kw_only(), "isa"_a);
  kernels.def("weighted_sum", &weighted_sum, "p"_a, "v"_a, py::kw_only(), "isa"_a);
  kernels.def("sum_exp", &sum_exp, "x"_a, "shift"_a, py::kw_only(), "isa"_a);
  kernels.def("max", &max, "x"_a, py::kw_only(), "isa"_a);
  register_bench(kernels);
}

}  // namespace asrbench::bindings
