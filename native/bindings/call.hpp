// A long native call: the GIL is free meanwhile, Ctrl-C and a deadline stop it.
#pragma once

#include <pybind11/pybind11.h>

#include <optional>
#include <utility>

#include "core/cancel.hpp"
#include "core/error.hpp"

namespace asrbench::bindings {

namespace py = pybind11;

// The token of one call. Only the interpreter's main thread is told of signals, so only there the
// hook asks; on any other thread the call would fight for the GIL for nothing.
[[nodiscard]] inline Cancel::Hook signal_hook() {
  const auto threading = py::module_::import("threading");
  const py::object main_thread = threading.attr("main_thread")().attr("ident");
  if (!main_thread.equal(threading.attr("get_ident")())) return nullptr;
  return [] {
    const py::gil_scoped_acquire gil;
    return PyErr_CheckSignals() != 0;  // the exception stays set for native_call to throw
  };
}

// Runs work(cancel) without the GIL: nothing in it touches a Python object. A hook that stops the
// work because of an exception leaves it set. A call that is over before a person could interrupt
// it needs no hook, which costs a microsecond.
template <class Work>
auto native_call(std::optional<double> deadline_s, const Work& work,
                 Cancel::Hook hook = signal_hook()) {
  if (deadline_s && !(*deadline_s >= 0)) {
    fail<OptionError>("deadline_s is ", *deadline_s, "; expected 0 or more");
  }
  Cancel cancel(deadline_s, std::move(hook));
  try {
    const py::gil_scoped_release nogil;
    return work(cancel);
  } catch (...) {  // Cancelled; or a worker failed at the moment of Ctrl-C
    if (PyErr_Occurred()) throw py::error_already_set();
    throw;
  }
}

}  // namespace asrbench::bindings
