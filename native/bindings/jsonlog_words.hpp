// What every binding of jsonlog takes and gives: the dialect, and what was counted of an input.
#pragma once

#include <pybind11/pybind11.h>

#include <string>
#include <vector>

#include "core/error.hpp"
#include "jsonlog/lines.hpp"

namespace asrbench::bindings {

namespace py = pybind11;

inline jsonlog::Dialect dialect_of(bool strict, std::size_t cap) {
  constexpr std::size_t kMost = 1U << 28U;
  if (cap < 1 || cap > kMost) fail<OptionError>("cap is ", cap, " bytes; expected 1 to ", kMost);
  return {strict, cap};
}

// Lines, how many of them were blank, how many bad by reason, and the first bad ones.
[[nodiscard]] inline py::dict counted(const jsonlog::Census& census,
                                      const std::vector<std::string>& names = {}) {
  py::dict reasons;
  for (std::size_t i = 1; i < census.bad.size(); ++i) {
    const auto name = jsonlog::name_of(static_cast<jsonlog::Reason>(i));
    if (census.bad[i] > 0) reasons[py::str(name.data(), name.size())] = census.bad[i];
  }
  py::list first;
  for (const auto& bad : census.first_bad) {
    const py::object field = bad.field < 0 || names.empty()
                                 ? py::object(py::none())
                                 : py::object(py::str(names[static_cast<std::size_t>(bad.field)]));
    first.append(py::make_tuple(bad.line, jsonlog::name_of(bad.reason), field));
  }
  py::dict found;
  found["lines"] = census.lines;
  found["blank"] = census.blank;
  found["bad"] = reasons;
  found["first_bad"] = first;
  return found;
}

}  // namespace asrbench::bindings
