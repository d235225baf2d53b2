// Logs of JSON lines: files and streams answered, made into columns, or held to rules.
#include <pybind11/numpy.h>
#include <pybind11/pybind11.h>
#include <pybind11/stl.h>

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "bindings/arrays.hpp"
#include "bindings/call.hpp"
#include "bindings/register.hpp"
#include "core/error.hpp"
#include "jsonlog/columns.hpp"
#include "jsonlog/file.hpp"
#include "jsonlog/line_buffer.hpp"
#include "jsonlog/rules.hpp"
#include "jsonlog/tally.hpp"

namespace asrbench::bindings {
namespace {

using jsonlog::Census;
using jsonlog::Dialect;
using jsonlog::Query;
using jsonlog::Reading;
using jsonlog::Tally;

using Text = std::optional<std::string>;
using Where = std::vector<std::tuple<std::string, std::string, std::string>>;

Dialect dialect_of(bool strict, std::size_t cap) {
  constexpr std::size_t kMost = 1U << 28U;
  if (cap < 1 || cap > kMost) fail<OptionError>("cap is ", cap, " bytes; expected 1 to ", kMost);
  return {strict, cap};
}

// Text out of a log: what is UTF-8 there is a str here.
py::object text(const Text& bytes) {
  return bytes ? py::object(py::str(*bytes)) : py::object(py::none());
}

// Lines, how many of them were blank, how many bad by reason, and the first bad ones.
py::dict counted(const Census& census, const std::vector<std::string>& names = {}) {
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

struct Answer {  // a group, for Python
  Text key;
  std::uint64_t count;
  std::uint64_t errors;
  double sum;
  std::uint64_t values;
  std::optional<std::array<double, 3>> percentiles;
};

std::vector<Answer> answers(Tally& tally) {
  std::vector<Answer> found;
  for (const Tally::Keyed& keyed : tally.groups()) {
    jsonlog::Group& group = *keyed.group;
    found.push_back({keyed.key, group.count, group.errors, group.sum.value(), group.values.size(),
                     group.percentiles()});
  }
  return found;
}

py::dict answered(const Census& census, const std::vector<Answer>& groups) {
  py::dict found = counted(census);
  py::list listed;
  for (const Answer& group : groups) {
    listed.append(py::make_tuple(text(group.key), group.count, group.errors, group.sum, group.values,
                                 group.percentiles));
  }
  found["groups"] = listed;
  return found;
}

Query query_of(Text by, Text value, Text sum, Text status, std::string ok, const Where& where,
               bool strict, std::size_t cap) {
  Query query{std::move(by), std::move(value), std::move(sum), std::move(status), std::move(ok),
              {},            dialect_of(strict, cap)};
  for (const auto& [field, comparison, compared] : where) {
    query.where.push_back(jsonlog::condition(field, comparison, compared));
  }
  return query;
}

// Asked on the caller's thread every 20 ms: for Ctrl-C, and to say how many bytes were read.
Cancel::Hook hook_of(const py::object& progress, const std::atomic<std::uint64_t>& done) {
  Cancel::Hook signals = signal_hook();
  if (progress.is_none()) return signals;
  return [signals, &progress, &done] {
    const py::gil_scoped_acquire gil;
    PyObject* const said = PyObject_CallFunction(
        progress.ptr(), "K", static_cast<unsigned long long>(done.load()));
    if (said == nullptr) return true;  // what it raised stays set for native_call to throw
    Py_DECREF(said);
    return signals != nullptr && signals();
  };
}

py::dict scan(const std::string& path, const Query& query, std::size_t threads, std::size_t buffer,
              std::size_t part, const py::object& progress,
              const std::optional<double>& deadline_s) {
  Census census;
  std::atomic<std::uint64_t> done{0};
  const auto groups = native_call(
      deadline_s,
      [&](Cancel& cancel) {
        const jsonlog::LogFile file(path);
        const Reading reading{threads, buffer, part};
        std::vector<std::unique_ptr<Tally>> tallies;
        std::vector<jsonlog::Sink*> sinks;
        const std::size_t count = std::min<std::size_t>(std::max<std::size_t>(threads, 1), 256);
        for (std::size_t i = 0; i < count; ++i) {
          tallies.push_back(std::make_unique<Tally>(query));
          sinks.push_back(tallies.back().get());
        }
        census = jsonlog::read_lines(file, jsonlog::Places(query).names, query.dialect, reading,
                                     sinks, cancel, done);
        for (std::size_t i = 1; i < count; ++i) tallies[0]->add(std::move(*tallies[i]));
        return answers(*tallies[0]);
      },
      hook_of(progress, done));
  return answered(census, groups);
}

// A log that comes piece by piece: out of a pipe, a decompressor, a file that still grows.
class Stream {
 public:
  Stream(const Query& query, std::size_t buffer)
      : query_(query),
        record_(jsonlog::Places(query_).names),
        tally_(query_),
        lines_(query_.dialect, record_, tally_),
        buffer_(buffer, query_.dialect, lines_) {
    if (buffer < 1) fail<OptionError>("buffer is 0; expected 1 byte or more");
    lines_.begin_input();
  }

  void feed(const py::object& source) {
    const BorrowedBytes borrowed(source, "source");
    native_call(std::nullopt, [&](Cancel& cancel) {
      const std::lock_guard<std::mutex> alone(busy_);
      constexpr std::size_t kPiece = 1U << 18U;
      std::string_view rest = borrowed.text();
      while (!rest.empty()) {
        cancel.poll();
        const std::size_t count = std::min(rest.size(), kPiece);
        buffer_.append(rest.substr(0, count));
        rest.remove_prefix(count);
      }
      return 0;
    });
  }

  void finish() {
    const py::gil_scoped_release nogil;
    const std::lock_guard<std::mutex> alone(busy_);
    buffer_.finish();
  }

  py::dict found() {
    std::vector<Answer> groups;
    Census census;
    {
      const py::gil_scoped_release nogil;
      const std::lock_guard<std::mutex> alone(busy_);
      groups = answers(tally_);
      census = lines_.census();
    }
    return answered(census, groups);
  }

 private:
  const Query query_;
  jsonlog::Record record_;
  Tally tally_;
  jsonlog::Lines lines_;
  jsonlog::LineBuffer buffer_;
  std::mutex busy_;  // a stream is fed by one thread at a time
};

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

void register_jsonlog(py::module_& module) {
  using py::literals::operator""_a;
  py::module_ logs = module.def_submodule("jsonlog", "Logs of JSON lines.");
  py::class_<Query>(logs, "Query", "What is asked of a log.")
      .def(py::init(&query_of), py::kw_only(), "by"_a = py::none(), "value"_a = py::none(),
           "sum"_a = py::none(), "status"_a = py::none(), "ok"_a = "ok", "where"_a = Where(),
           "strict"_a = false, "cap"_a = Dialect().cap);
  logs.def("scan", &scan, "path"_a, "query"_a, "threads"_a = 1, "buffer"_a = Reading().buffer,
           "part"_a = Reading().part, "progress"_a = py::none(), "deadline_s"_a = py::none(),
           "Answer a query over a file.");
  py::class_<Stream>(logs, "Stream", "A log that comes piece by piece.")
      .def(py::init<const Query&, std::size_t>(), "query"_a, "buffer"_a = Reading().buffer)
      .def("feed", &Stream::feed, "source"_a, "Take the next bytes.")
      .def("finish", &Stream::finish, "Take what has begun as the last line.")
      .def("found", &Stream::found, "The answer so far.");
  logs.def("columns", &columns, "path"_a, "wanted"_a, "strict"_a = false,
           "cap"_a = Dialect().cap, "deadline_s"_a = py::none(), "Fields of a file as arrays.");
  logs.def("validate", &validate, "source"_a, "rules"_a, "strict"_a = false,
           "cap"_a = Dialect().cap, "deadline_s"_a = py::none(), "Hold records to rules.");
}

}  // namespace asrbench::bindings
