#include "kernels/choose.hpp"

#include <cstdlib>

#include "core/cpu.hpp"
#include "core/error.hpp"

namespace asrbench::kernels {

std::vector<const Kernels*> usable() {
  std::vector<const Kernels*> found;
  if (avx512vnni() && has_avx512vnni()) found.push_back(avx512vnni());
  if (avx512() && has_avx512()) found.push_back(avx512());
  if (avx2() && has_avx2()) found.push_back(avx2());
  if (neon() && has_neon()) found.push_back(neon());
  found.push_back(generic());
  return found;
}

const Kernels& named(const std::string& isa) {
  std::string known;
  for (const Kernels* kernels : usable()) {
    if (isa == kernels->isa) return *kernels;
    known += std::string(known.empty() ? "" : ", ") + kernels->isa;
  }
  fail<OptionError>("instruction set is \"", isa, "\"; expected one that runs here: ", known);
}

const Kernels& chosen() {
  const char* wanted = std::getenv("ASRBENCH_ISA");
  return wanted && *wanted ? named(wanted) : *usable().front();
}

}  // namespace asrbench::kernels
