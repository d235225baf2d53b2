// The extension: run(bug, data) sums data in the way that has that bug, chosen at run time.
#include "zoo.hpp"

#include <pybind11/stl.h>

#include <map>
#include <stdexcept>
#include <string>
#include <variant>
#include <vector>

namespace {

namespace py = pybind11;
using zoo::Bytes;

using Plain = long (*)(Bytes, bool);                        // called without the GIL
using Boundary = long (*)(const py::object&, Bytes, bool);  // with it
using Way = std::variant<Plain, Boundary>;

const std::map<std::string, Way> kWays = {
    {"heap_overflow_read", &zoo::heap_overflow_read},
    {"heap_overflow_write", &zoo::heap_overflow_write},
    {"stack_overflow", &zoo::stack_overflow},
    {"use_after_free", &zoo::use_after_free},
    {"double_free", &zoo::double_free},
    {"leak_per_call", &zoo::leak_per_call},
    {"uninitialised_read", &zoo::uninitialised_read},
    {"signed_overflow", &zoo::signed_overflow},
    {"out_of_range_cast", &zoo::out_of_range_cast},
    {"data_race", &zoo::data_race},
    {"deadlock_by_lock_order", &zoo::deadlock_by_lock_order},
    {"gil_not_held", &zoo::gil_not_held},
    {"reference_leak", &zoo::reference_leak},
    {"buffer_of_a_dead_array", &zoo::buffer_of_a_dead_array},
    {"length_in_16_bits", &zoo::length_in_16_bits},
    {"quadratic", &zoo::quadratic},
    {"endless_loop", &zoo::endless_loop},
};

// What arms a bug: a fuzzer has to find these three bytes.
bool armed(Bytes data) {
  return data.size() > 3 && data[0] == 'Z' && data[1] == 'O' && data[2] == 'O';
}

long call(const Way& way, const py::object& source, Bytes data, bool with_bug) {
  if (const auto* boundary = std::get_if<Boundary>(&way)) {
    return (*boundary)(source, data, with_bug);
  }
  const py::gil_scoped_release nogil;  // these know nothing of Python
  return std::get<Plain>(way)(data, with_bug);
}

// Every way without its bug.
long clean(const py::object& source, Bytes data) {
  const long total = zoo::sum_of(data);
  for (const auto& [name, way] : kWays) {
    if (call(way, source, data, false) != total) throw std::logic_error(name + " is not clean");
  }
  return total;
}

long run(const std::string& bug, const py::buffer& source) {
  const py::buffer_info info = source.request();
  const Bytes data(static_cast<const unsigned char*>(info.ptr),
                   static_cast<std::size_t>(info.size * info.itemsize));
  if (bug == "clean") return clean(source, data);
  const auto found = kWays.find(bug);
  if (found == kWays.end())
    throw std::invalid_argument("no bug " + bug + "; expected one of bugs()");
  return call(found->second, source, data, armed(data));
}

std::vector<std::string> bugs() {
  std::vector<std::string> names;
  for (const auto& [name, way] : kWays) names.push_back(name);
  return names;
}

}  // namespace

PYBIND11_MODULE(zoo, module) {
  module.def("run", &run, "The sum of the bytes, by the way with that bug, or by all clean ones.");
  module.def("bugs", &bugs, "The names that run takes, besides clean.");
}
