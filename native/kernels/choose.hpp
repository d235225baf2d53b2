// Which kernels this process uses.
#pragma once

#include <string>
#include <vector>

#include "kernels/kernels.hpp"

namespace asrbench::kernels {

// The tables that were compiled in and that this processor can run, the fastest first.
[[nodiscard]] std::vector<const Kernels*> usable();

// The table named by the environment variable ASRBENCH_ISA, else the fastest.
// Throws OptionError when the name is unknown or cannot run here.
[[nodiscard]] const Kernels& chosen();

// The table of that name; throws OptionError when it is unknown or cannot run here.
[[nodiscard]] const Kernels& named(const std::string& isa);

}  // namespace asrbench::kernels
