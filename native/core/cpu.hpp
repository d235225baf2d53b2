// What the processor can do, found once at run time.
#pragma once

#include <string>
#include <vector>

namespace asrbench {

// The names of the features that our kernels ask for and this processor has, e.g. "avx2", "fma".
[[nodiscard]] std::vector<std::string> cpu_features();

[[nodiscard]] bool has_avx2();  // with FMA and half-precision conversion
[[nodiscard]] bool has_avx512();
[[nodiscard]] bool has_avx512vnni();  // foundation, with VL, BW and DQ
[[nodiscard]] bool has_neon();

}  // namespace asrbench
