// Logs of JSON lines: files and streams answered, made into columns, or held to rules.
#include <pybind11/numpy.h>
#include <pybind11/pybind11.h>
#include <pybind11/stl.h>

#include <algorithm>
#include <array>
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

using Name = std::optional<std::string>;
using Where = std::vector<std::tuple<std::string, std::string, std::string>>;

Dialect dialect_of(bool strict, std::size_t cap) {
  constexpr std::size_t kMost = 1U << 28U;
  if (cap < 1 || cap > kMost) fail<OptionError>("cap is ", cap, " bytes; expected 1 to ", kMost);
  return {strict, cap};
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

Query query_of(Name by, Name value, Name sum, Name status, std::string ok, const Where& where,
               bool strict, std::size_t cap) {
  Query query{std::move(by),          std::move(value), std::move(sum),
              std::move(status),      std::move(ok),    {},
              dialect_of(strict, cap)};
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
    PyObject* const said =
        PyObject_CallFunction(progress.ptr(), "K", static_cast<unsigned long long>(done.load()));
    if (said == nullptr) return true;  // what it raised stays set for native_call to throw
    Py_DECREF(said);
    return signals != nullptr && signals();
  };
}

// The answer to a query over any number of inputs: files, or what comes piece by piece out of a
// pipe, a decompressor, a file that still grows.
class Log {
 public:
  Log(const Query& query, std::size_t buffer)
      : query_(query),
        record_(jsonlog::Places(query_).names),
        tally_(query_),
        lines_(query_.dialect, record_, tally_),
        buffer_(buffer, query_.dialect, lines_) {
    lines_.begin_input();
  }

  py::dict scan(const std::string& path, std::size_t threads, std::size_t buffer, std::size_t part,
                const py::object& progress, const std::optional<double>& deadline_s) {
    std::atomic<std::uint64_t> done{0};
    const Reading reading{threads, buffer, part};
    return counted(native_call(
        deadline_s,
        [&](Cancel& cancel) {
          const jsonlog::LogFile file(path);
          std::vector<std::unique_ptr<Tally>> tallies;
          std::vector<jsonlog::Sink*> sinks;
          for (std::size_t i = 0; i < jsonlog::checked(reading).threads; ++i) {
            tallies.push_back(std::make_unique<Tally>(query_));
            sinks.push_back(tallies.back().get());
          }
          Census census = jsonlog::read_lines(file, jsonlog::Places(query_).names, query_.dialect,
                                              reading, sinks, cancel, done);
          const std::lock_guard<std::mutex> alone(busy_);
          for (auto& tally : tallies) tally_.add(std::move(*tally));
          return census;
        },
        hook_of(progress, done)));
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

  // What was fed so far; a line that has begun is not in it.
  py::dict fed() {
    const std::unique_lock<std::mutex> alone = lock();
    return counted(lines_.census());
  }

  // The end of what was fed: what has begun is its last line. What is fed next is another input.
  py::dict finish() {
    const std::unique_lock<std::mutex> alone = lock();
    buffer_.finish();
    lines_.begin_input();
    return counted(lines_.take_census());
  }

  py::list groups() {
    struct Answer {
      const std::optional<std::string> key;
      std::uint64_t count, errors;
      double sum;
      std::uint64_t values;
      std::optional<std::array<double, 3>> percentiles;
    };
    std::vector<Answer> answers;
    {
      const py::gil_scoped_release nogil;
      const std::lock_guard<std::mutex> alone(busy_);
      for (const Tally::Keyed& keyed : tally_.groups()) {
        jsonlog::Group& group = *keyed.group;
        answers.push_back({keyed.key, group.count, group.errors, group.sum.value(),
                           group.values.size(), group.percentiles()});
      }
    }
    py::list found;
    for (const Answer& one : answers) {
      const py::object key = one.key ? py::object(py::str(*one.key)) : py::object(py::none());
      found.append(
          py::make_tuple(key, one.count, one.errors, one.sum, one.values, one.percentiles));
    }
    return found;
  }

 private:
  // Waits for the other threads without the GIL, which one of them may need to go on.
  std::unique_lock<std::mutex> lock() {
    const py::gil_scoped_release nogil;
    return std::unique_lock<std::mutex>(busy_);
  }

  const Query query_;
  jsonlog::Record record_;
  Tally tally_;
  jsonlog::Lines lines_;
  jsonlog::LineBuffer buffer_;
  std::mutex busy_;  // what is fed comes from one thread at a time
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
  py::class_<Log>(logs, "Log", "The answer to a query over any number of inputs.")
      .def(py::init([](const Query& query, std::size_t buffer) {
             return std::make_unique<Log>(query, jsonlog::checked({1, buffer}).buffer);
           }),
           "query"_a, "buffer"_a = Reading().buffer)
      .def("scan", &Log::scan, "path"_a, "threads"_a = 1, "buffer"_a = Reading().buffer,
           "part"_a = Reading().part, "progress"_a = py::none(), "deadline_s"_a = py::none(),
           "Take a file's lines.")
      .def("feed", &Log::feed, "source"_a, "Take the next bytes of an input.")
      .def("fed", &Log::fed, "What was fed so far.")
      .def("finish", &Log::finish, "Take what has begun as the last line of what was fed.")
      .def("groups", &Log::groups, "The answer so far.");
  logs.def("columns", &columns, "path"_a, "wanted"_a, "strict"_a = false, "cap"_a = Dialect().cap,
           "deadline_s"_a = py::none(), "Fields of a file as arrays.");
  logs.def("validate", &validate, "source"_a, "rules"_a, "strict"_a = false,
           "cap"_a = Dialect().cap, "deadline_s"_a = py::none(), "Hold records to rules.");
}

}  // namespace asrbench::bindings
