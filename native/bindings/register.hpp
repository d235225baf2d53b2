// The families of bindings, one file each.
#pragma once

#include <pybind11/pybind11.h>

namespace asrbench::bindings {

void register_jsonlog(pybind11::module_& module);  // not with ASRBENCH_JSONLOG=OFF
void register_columns(pybind11::module_& jsonlog);
void register_options(pybind11::module_& module);  // before speech, whose defaults they are
void register_kernels(pybind11::module_& module);
void register_bench(pybind11::module_& kernels);
void register_boundary(pybind11::module_& module);
void register_frames(pybind11::module_& module);
void register_pricing(pybind11::module_& module);
void register_speech(pybind11::module_& module);

}  // namespace asrbench::bindings
