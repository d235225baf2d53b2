// Bugs of the boundary: the interpreter's lock, its counts of references, memory it lends.
#include <optional>
#include <string_view>

#include "zoo.hpp"

namespace zoo {
namespace {

namespace py = pybind11;

long sum_of_bytes(Bytes data) {
  const py::bytes copy(reinterpret_cast<const char*>(data.data()), data.size());
  const std::string_view seen(copy);
  return sum_of({reinterpret_cast<const unsigned char*>(seen.data()), seen.size()});
}

struct Kept {
  Bytes data;
  long total;
};

}  // namespace

long gil_not_held(const py::object&, Bytes data, bool armed) {
  std::optional<py::gil_scoped_release> nogil;
  if (armed) nogil.emplace();
  return sum_of_bytes(data);
}

long reference_leak(const py::object& source, Bytes data, bool armed) {
  if (armed) source.inc_ref();
  return sum_of(data);
}

// Armed, it remembers the bytes of each call and looks at them again in the next.
long buffer_of_a_dead_array(const py::object&, Bytes data, bool armed) {
  static std::optional<Kept> last;  // NOLINT: that is the bug
  const long total = sum_of(data);
  if (!armed) return total;
  const long changed = last ? sum_of(last->data) - last->total : 0;
  last = Kept{data, total};
  return total + changed;
}

}  // namespace zoo
