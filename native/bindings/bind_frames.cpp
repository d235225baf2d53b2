// The filters of camera images, with the threads they share.
#include <pybind11/pybind11.h>
#include <pybind11/stl.h>

#include <array>
#include <cmath>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "bindings/call.hpp"
#include "bindings/images.hpp"
#include "bindings/register.hpp"
#include "frames/edges.hpp"
#include "frames/equalize.hpp"
#include "frames/letterbox.hpp"
#include "frames/resize.hpp"

namespace asrbench::bindings {
namespace {

using frames::Byte;
using frames::Edges;
using frames::Image;
using Floats = std::array<float, frames::kBgr>;

constexpr long kMaxThreads = 256;

std::vector<py::ssize_t> shape_of(std::size_t rows, std::size_t columns, std::size_t channels = 1) {
  std::vector<py::ssize_t> shape{static_cast<py::ssize_t>(rows), static_cast<py::ssize_t>(columns)};
  if (channels > 1) shape.push_back(static_cast<py::ssize_t>(channels));
  return shape;
}

std::size_t expect_side(const char* name, long side) {
  if (side < 1 || side > static_cast<long>(frames::kMaxSide)) {
    fail<OptionError>(name, " is ", side, "; expected 1 to ", frames::kMaxSide);
  }
  return static_cast<std::size_t>(side);
}

void expect_gray(const Image<const Byte>& image) {
  if (image.channels != 1) fail<OptionError>("image has 3 channels; expected a gray image");
}

void expect_finite(const char* name, const Floats& values) {
  for (const float value : values) {
    if (!std::isfinite(value)) fail<OptionError>(name, " has ", value, "; expected finite values");
  }
}

// Filters with one instruction set and a pool of threads; may be used by many threads at once.
class Filters {
 public:
  Filters(long threads, const std::optional<std::string>& isa)
      : rows_(isa ? frames::rows_for(*isa) : frames::rows_in_use()),
        pool_(expect_threads(threads)) {}

  [[nodiscard]] std::size_t threads() const { return pool_.threads(); }
  [[nodiscard]] const char* isa() const { return rows_.isa; }

  py::array gray(const py::object& image, const py::object& out) {
    return edges<Byte>(image, "reflect101", out, &Edges::gray);
  }
  py::array blur(const py::object& image, const std::string& border, const py::object& out) {
    return edges<Byte>(image, border, out, &Edges::blur);
  }
  py::array edges_l1(const py::object& image, const std::string& border, const py::object& out) {
    return edges<Byte>(image, border, out, &Edges::l1);
  }
  py::array edges_l2(const py::object& image, const std::string& border, const py::object& out) {
    return edges<float>(image, border, out, &Edges::l2);
  }

  py::array resize(const py::object& image, long rows, long columns, const py::object& out) {
    const auto from = borrow_image(image);
    const auto shape =
        shape_of(expect_side("rows", rows), expect_side("columns", columns), from.channels);
    auto to = target<Byte>(out, shape, from);
    native_call(std::nullopt,
                [&](Cancel& cancel) { frames::resize(rows_, from, to.image, pool_, cancel); });
    return to.array;
  }

  py::array letterbox(const py::object& image, long rows, long columns, const Floats& mean,
                      const Floats& scale, long fill, const std::string& planes,
                      const py::object& out) {
    const auto from = borrow_image(image);
    if (from.channels != frames::kBgr) {
      fail<OptionError>("image has 1 channel; expected blue, green and red");
    }
    const std::size_t high = expect_side("rows", rows);
    const std::size_t wide = expect_side("columns", columns);
    const frames::Normalisation how = normalisation(mean, scale, fill, planes);
    // As one image of all planes' rows, since they follow each other without gaps.
    const auto made = shape_of(frames::kBgr, high * wide);
    const py::object flat = out.is_none() ? out : flattened(out, high, wide);
    auto to = target<float>(flat, made, from);
    native_call(std::nullopt, [&](Cancel& cancel) {
      frames::letterbox(rows_, from, how, {to.image.data, high, wide}, pool_, cancel);
    });
    if (!out.is_none()) return py::reinterpret_borrow<py::array>(out);
    return to.array.reshape({py::ssize_t{frames::kBgr}, rows, columns});
  }

  py::array equalize(const py::object& image, const py::object& out) {
    const auto from = borrow_image(image);
    expect_gray(from);
    auto to = target<Byte>(out, shape_of(from.rows, from.columns), from);
    native_call(std::nullopt,
                [&](Cancel& cancel) { frames::equalize(from, to.image, pool_, cancel); });
    return to.array;
  }

 private:
  static std::size_t expect_threads(long threads) {
    if (threads < 1 || threads > kMaxThreads) {
      fail<OptionError>("threads is ", threads, "; expected 1 to ", kMaxThreads);
    }
    return static_cast<std::size_t>(threads);
  }

  static frames::Normalisation normalisation(const Floats& mean, const Floats& scale, long fill,
                                             const std::string& planes) {
    expect_finite("mean", mean);
    expect_finite("scale", scale);
    if (fill < 0 || fill > 255) fail<OptionError>("fill is ", fill, "; expected 0 to 255");
    if (planes != "rgb" && planes != "bgr") {
      fail<OptionError>("planes is \"", planes, "\"; expected rgb or bgr");
    }
    return {mean, scale, static_cast<Byte>(fill),
            planes == "rgb" ? frames::Planes::kRgb : frames::Planes::kBgr};
  }

  // The caller's (3, rows, columns) as (3, rows * columns), which shares its memory.
  static py::object flattened(const py::object& out, std::size_t rows, std::size_t columns) {
    if (!py::isinstance<py::array>(out)) return out;  // refused by target()
    const auto array = py::reinterpret_borrow<py::array>(out);
    const auto shape = shape_of(rows, columns);
    const std::vector<py::ssize_t> wanted{py::ssize_t{frames::kBgr}, shape[0], shape[1]};
    if (std::vector<py::ssize_t>(array.shape(), array.shape() + array.ndim()) != wanted ||
        (array.flags() & py::array::c_style) == 0) {
      fail<OptionError>("out has shape ", py::str(array.attr("shape")).cast<std::string>(),
                        " and strides ", py::str(array.attr("strides")).cast<std::string>(),
                        "; expected (3, ", rows, ", ", columns, ") without gaps");
    }
    return out.attr("reshape")(3, -1);
  }

  template <class T>
  py::array edges(const py::object& image, const std::string& border, const py::object& out,
                  void (Edges::*filter)(Image<const Byte>, Image<T>) const) {
    const auto from = borrow_image(image);
    const frames::Border beyond = frames::border_of(border);
    auto to = target<T>(out, shape_of(from.rows, from.columns), from);
    native_call(std::nullopt, [&](Cancel& cancel) {
      (Edges{rows_, beyond, pool_, cancel}.*filter)(from, to.image);
    });
    return to.array;
  }

  const frames::Rows& rows_;
  ThreadPool pool_;
};

}  // namespace

void register_frames(py::module_& module) {
  using py::literals::operator""_a;
  auto frames = module.def_submodule("frames", "Filters of camera images.");
  py::class_<Filters>(frames, "Filters", "Filters that share a pool of threads.")
      .def(py::init<long, const std::optional<std::string>&>(), "threads"_a = 1,
           "isa"_a = py::none())
      .def_property_readonly("threads", &Filters::threads, "Threads of a call, its own counted.")
      .def_property_readonly("isa", &Filters::isa, "The instruction set of the rows.")
      .def("gray", &Filters::gray, "image"_a, py::kw_only(), "out"_a = py::none(),
           "Gray of blue, green and red.")
      .def("blur", &Filters::blur, "image"_a, "border"_a = "reflect101", py::kw_only(),
           "out"_a = py::none(), "Gray, blurred by a 5x5 Gaussian.")
      .def("edges_l1", &Filters::edges_l1, "image"_a, "border"_a = "reflect101", py::kw_only(),
           "out"_a = py::none(), "Sobel magnitude |dx| + |dy| of the blurred gray.")
      .def("edges_l2", &Filters::edges_l2, "image"_a, "border"_a = "reflect101", py::kw_only(),
           "out"_a = py::none(), "Sobel magnitude sqrt(dx^2 + dy^2) of the blurred gray.")
      .def("resize", &Filters::resize, "image"_a, "rows"_a, "columns"_a, py::kw_only(),
           "out"_a = py::none(), "Bilinear, in integers.")
      .def("letterbox", &Filters::letterbox, "image"_a, "rows"_a, "columns"_a, py::kw_only(),
           "mean"_a = Floats{}, "scale"_a = Floats{1.0F, 1.0F, 1.0F}, "fill"_a = 114,
           "planes"_a = "rgb", "out"_a = py::none(), "Fitted into a frame, as planes of float32.")
      .def("equalize", &Filters::equalize, "image"_a, py::kw_only(), "out"_a = py::none(),
           "Histogram equalisation of a gray image.");
}

}  // namespace asrbench::bindings
