// Logs of JSON lines: a query answered over files, and over what comes piece by piece.
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
#include "bindings/jsonlog_words.hpp"
#include "bindings/register.hpp"
#include "core/error.hpp"
#include "jsonlog/file.hpp"
#include "jsonlog/line_buffer.hpp"
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
  register_columns(logs);
}

}  // namespace asrbench::bindings
