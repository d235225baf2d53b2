// Logs of JSON lines as columns, and records in a buffer held to rules.
#include <pybind11/numpy.h>
#include <pybind11/pybind11.h>
#include <pybind11/stl.h>

#include <atomic>
#include <cstdint>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "bindings/arrays.hpp"
#include "bindings/call.hpp"
#include "bindings/jsonlog_words.hpp"
#include "bindings/register.hpp"
#include "jsonlog/columns.hpp"
#include "jsonlog/file.hpp"
#include "jsonlog/rules.hpp"

namespace asrbench::bindings {
namespace {

using jsonlog::Census;
using jsonlog::Dialect;

template <class T>
py::array give(std::vector<T>&& values, const char* as = nullptr) {
  auto* const owned = new std::vector<T>(std::move(values));  // the capsule deletes it
  const py::capsule owner(owned, [](void* p) { delete static_cast<std::vector<T>*>(p); });
  const auto size = static_cast<py::ssize_t>(owned->size());
  if (as != nullptr) return py::array(py::dtype(as), {size}, owned->data(), owner);
  return py::array_t<T>({size}, owned->data(), owner);
}

py::object given(jsonlog::Column& column) {
  switch (column.type) {
    case jsonlog::Type::kFloat64:
      return give(std::move(column.floats));
    case jsonlog::Type::kInt64:
      return give(std::move(column.integers));
    case jsonlog::Type::kBool:
      return give(std::move(column.flags), "?");
    case jsonlog::Type::kText:
      break;
  }
  py::list texts;
  for (const std::string& one : column.texts) texts.append(py::str(one));
  return py::make_tuple(give(std::move(column.codes)), texts);
}

py::dict columns(const std::string& path,
                 const std::vector<std::pair<std::string, std::string>>& wanted, bool strict,
                 std::size_t cap, const std::optional<double>& deadline_s) {
  std::vector<std::string> names;
  std::vector<jsonlog::Type> types;
  for (const auto& [name, type] : wanted) {
    names.push_back(name);
    types.push_back(jsonlog::type_of(type));
  }
  const Dialect dialect = dialect_of(strict, cap);
  jsonlog::Columns sink(types);
  std::atomic<std::uint64_t> done{0};
  const Census census = native_call(deadline_s, [&](Cancel& cancel) {
    const jsonlog::LogFile file(path);
    return jsonlog::read_lines(file, names, dialect, {}, {&sink}, cancel, done);
  });
  py::dict found = counted(census, names);
  py::dict arrays;
  py::dict valid;
  for (std::size_t i = 0; i < names.size(); ++i) {
    jsonlog::Column& column = sink.columns()[i];
    valid[py::str(names[i])] = give(std::move(column.valid), "?");
    arrays[py::str(names[i])] = given(column);
  }
  found["columns"] = arrays;
  found["valid"] = valid;
  return found;
}

using GivenRule = std::tuple<std::string, std::string, bool, std::optional<double>,
                             std::optional<double>, std::vector<std::string>>;

py::dict validate(const py::object& source, const std::vector<GivenRule>& given, bool strict,
                  std::size_t cap, const std::optional<double>& deadline_s) {
  std::vector<std::string> names;
  std::vector<jsonlog::Rule> rules;
  for (const auto& [field, must, required, least, most, among] : given) {
    names.push_back(field);
    rules.push_back({field, jsonlog::must_of(must), required, least, most, among});
  }
  const Dialect dialect = dialect_of(strict, cap);
  const BorrowedBytes borrowed(source, "source");
  jsonlog::Rules sink(std::move(rules));
  const Census census = native_call(deadline_s, [&](Cancel& cancel) {
    jsonlog::Record record(names);
    jsonlog::Lines lines(dialect, record, sink);
    lines.begin_input();
    lines.text(borrowed.text().data(), borrowed.text().size(), &cancel);
    return lines.take_census();
  });
  py::dict found = counted(census, names);
  found["records"] = sink.records();
  return found;
}

}  // namespace

void register_columns(py::module_& logs) {
  using py::literals::operator""_a;
  logs.def("columns", &columns, "path"_a, "wanted"_a, "strict"_a = false, "cap"_a = Dialect().cap,
           "deadline_s"_a = py::none(), "Fields of a file as arrays.");
  logs.def("validate", &validate, "source"_a, "rules"_a, "strict"_a = false,
           "cap"_a = Dialect().cap, "deadline_s"_a = py::none(), "Hold records to rules.");
}

}  // namespace asrbench::bindings
