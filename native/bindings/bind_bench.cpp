// Products as they are timed: laid out once, run without the GIL, beside the limits of the machine.
#include <pybind11/pybind11.h>

#include <algorithm>
#include <mutex>
#include <string>
#include <vector>

#include "bindings/arrays.hpp"
#include "bindings/register.hpp"
#include "core/error.hpp"
#include "kernels/choose.hpp"
#include "kernels/linear.hpp"

namespace asrbench::bindings {
namespace {

using kernels::Linear;
using kernels::Precision;

constexpr std::size_t kRows = 48;  // of a block, as in the encoder

// C = A W^T, a block of rows at a time.
class Product {
 public:
  Product(const py::object& a, const py::object& w, const std::string& precision,
          const std::string& isa)
      : kernels_(kernels::named(isa)) {
    const ConstView left = borrow_rows(a, "a");
    const ConstView right = borrow_rows(w, "w");
    if (left.columns != right.columns || left.columns == 0 || left.rows == 0 || right.rows == 0) {
      fail<OptionError>("a is (", left.rows, ", ", left.columns, ") and w (", right.rows, ", ",
                        right.columns, "); expected rows of the same length, at least 1");
    }
    a_.assign(left.data, left.data + left.rows * left.columns);
    const auto weights = [&] {
      return Buffer<float>(right.data, right.data + right.rows * right.columns);
    };
    const Precision kind = kernels::precision_of(precision);
    linear_ = kind == Precision::kFloat32
                  ? Linear::panels(kernels_, store_, right.rows, right.columns, weights, {})
                  : Linear::ints(kernels_, store_, right.rows, right.columns, weights, {}, kind);
    block_ = Matrix(kRows, right.rows);
    result_rows_ = left.rows;
    for (std::size_t first = 0; first < left.rows; first += kRows) {
      const std::size_t count = std::min(kRows, left.rows - first);
      operands_.emplace_back(count, left.columns);
      operands_.back().set(
          kernels_, {a_.data() + first * left.columns, count, left.columns, left.columns}, linear_);
    }
  }

  // Each block's product lands in the same place, which stays in the cache as the encoder's do.
  void run() {
    const std::lock_guard<std::mutex> alone(busy_);
    for (std::size_t block = 0; block < operands_.size(); ++block) multiply(block);
  }

  [[nodiscard]] py::array_t<float> result() {
    const std::lock_guard<std::mutex> alone(busy_);
    Matrix whole(result_rows_, block_.columns());
    for (std::size_t block = 0; block < operands_.size(); ++block) {
      const MatrixView c = multiply(block);
      std::copy_n(c.data, c.rows * c.columns, whole.row(block * kRows));
    }
    return give(std::move(whole));
  }

 private:
  MatrixView multiply(std::size_t block) {
    MatrixView c = block_.view();
    c.rows = std::min(kRows, result_rows_ - block * kRows);
    linear_.multiply(kernels_, operands_[block], c, kernels::Activation::kNone);
    return c;
  }

  const kernels::Kernels& kernels_;
  Store store_;
  Buffer<float> a_;
  Linear linear_;
  std::vector<kernels::Operand> operands_;
  std::mutex busy_;  // a product is timed by one thread
  Matrix block_;
  std::size_t result_rows_ = 0;
};

double peak(const std::string& precision, std::size_t rounds, const std::string& isa) {
  const kernels::Kernels& kernels = kernels::named(isa);
  const Precision kind = kernels::precision_of(precision);
  constexpr std::size_t kMost = std::size_t{1} << 30U;
  if (rounds > kMost) fail<OptionError>("rounds is ", rounds, "; expected at most ", kMost);
  const py::gil_scoped_release nogil;
  if (kind == Precision::kInt8) return kernels.peak_int8(rounds);
  return kind == Precision::kInt16 ? kernels.peak_int16(rounds) : kernels.peak_float32(rounds);
}

}  // namespace

void register_bench(py::module_& kernels) {
  using py::literals::operator""_a;
  py::class_<Product>(kernels, "Product", "A product a @ w.T, laid out to be timed.")
      .def(py::init<const py::object&, const py::object&, const std::string&, const std::string&>(),
           "a"_a, "w"_a, "precision"_a = "float32", py::kw_only(), "isa"_a)
      .def("run", &Product::run, py::call_guard<py::gil_scoped_release>(), "Multiply.")
      .def("result", &Product::result, "The product, computed once more.");
  kernels.def("peak", &peak, "precision"_a, "rounds"_a, py::kw_only(), "isa"_a,
              "Rounds of the innermost loop without its loads; returns the operations made.");
}

}  // namespace asrbench::bindings
