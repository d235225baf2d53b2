// The extension module: one register function for each family of bindings.
#include <pybind11/pybind11.h>
#include <pybind11/stl.h>

#include <exception>
#include <utility>

#include "bindings/register.hpp"
#include "core/allocations.hpp"
#include "core/cpu.hpp"
#include "core/error.hpp"
#include "kernels/choose.hpp"
#include "speech/prepared.hpp"

namespace asrbench::bindings {
namespace {

namespace py = pybind11;

// The core's errors become the classes of asrbench.errors; the most derived one is caught first.
void translate(std::exception_ptr thrown) {
  const auto raise = [](const char* name, const std::exception& error) {
    py::set_error(py::module_::import("asrbench.errors").attr(name), error.what());
  };
  try {
    std::rethrow_exception(thrown);
  } catch (const AudioError& error) {
    raise("AudioError", error);
  } catch (const DeadlineError& error) {
    raise("DeadlineError", error);
  } catch (const EngineError& error) {
    raise("EngineError", error);
  } catch (const ModelError& error) {
    raise("ModelError", error);
  } catch (const OptionError& error) {
    raise("OptionError", error);
  } catch (const Error& error) {
    raise("Error", error);
  }
}

std::vector<std::string> isas() {
  std::vector<std::string> names;
  for (const auto* kernels : kernels::usable()) names.emplace_back(kernels->isa);
  return names;
}

std::pair<std::uint64_t, std::uint64_t> count_allocations(bool on) {
  const allocations::Total total = allocations::total();
  allocations::count(on);
  return {total.calls, total.bytes};
}

PYBIND11_MODULE(_native, module, py::mod_gil_not_used()) {
  module.doc() = "The C++ core of asrbench.";
  py::register_local_exception_translator(translate);
  module.attr("__version__") = ASRBENCH_VERSION;
  module.attr("PREPARED_VERSION") = speech::kPreparedVersion;
  module.def("compiler", [] { return ASRBENCH_COMPILER; }, "The compiler and its version.");
  module.def("build_flags", [] { return ASRBENCH_FLAGS; }, "The build type and compile flags.");
  module.def("cpu_features", &cpu_features, "The processor's features that kernels ask for.");
  module.def("isa", [] { return kernels::chosen().isa; }, "The instruction set in use.");
  module.def("isas", &isas, "The instruction sets that run here, the fastest first.");
  module.def("counts_allocations", &allocations::hooked, "Whether allocations can be counted.");
  module.def("count_allocations", &count_allocations, py::arg("on"), py::pos_only(),
             "Count calls of operator new from now on, or no longer; returns count and bytes.");
  register_boundary(module);
#ifdef ASRBENCH_WITH_JSONLOG
  register_jsonlog(module);
#endif
  register_kernels(module);
  register_frames(module);
  register_pricing(module);
  register_options(module);
  register_speech(module);
}

}  // namespace
}  // namespace asrbench::bindings
