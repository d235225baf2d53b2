// The simulations by the name of an instruction set, as the kernels have them.
#include "kernels/choose.hpp"

#include <string_view>

#include "pricing/simulate.hpp"

namespace asrbench::pricing {

const Kernels& named(const char* isa) {
  const std::string_view found = kernels::named(isa).isa;  // refuses what cannot run here
  if (found.starts_with("avx512") && avx512()) return *avx512();
  if (found == "avx2" && avx2()) return *avx2();
  if (found == "neon" && neon()) return *neon();
  return *generic();
}

}  // namespace asrbench::pricing
