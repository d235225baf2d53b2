// How many letters to change, put in or leave out until one text is the other (Levenshtein 1966).
#include <pybind11/pybind11.h>

#include <algorithm>
#include <cstddef>
#include <numeric>
#include <string_view>
#include <vector>

namespace {

std::size_t distance_of(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t corner = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t changed = corner + (a[i - 1] == b[j - 1] ? 0 : 1);
      corner = row[j];
      row[j] = std::min({changed, row[j] + 1, row[j - 1] + 1});
    }
  }
  return row[b.size()];
}

std::size_t distance(std::string_view a, std::string_view b) { return distance_of(a, b); }

}  // namespace

PYBIND11_MODULE(_native, module) {
  module.def("distance", &distance, pybind11::call_guard<pybind11::gil_scoped_release>());
}
