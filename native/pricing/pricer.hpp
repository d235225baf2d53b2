// Prices contracts by simulation; one Pricer serves many threads at once.
#pragma once

#include <cstddef>
#include <memory>
#include <mutex>
#include <vector>

#include "core/cancel.hpp"
#include "core/thread_pool.hpp"
#include "pricing/contract.hpp"
#include "pricing/simulate.hpp"
#include "pricing/sobol.hpp"

namespace asrbench::pricing {

struct Estimate {
  double value;
  double standard_error;
};

// Price, delta, gamma, vega, rho, theta; only the price where no Greeks were asked for. vega and
// rho are for 1, not for 1 %, theta for a year.
struct Found {
  Estimate outputs[kOutputs];
};

class Pricer {
 public:
  // Throws OptionError for an instruction set that cannot run here, or threads outside 1 to 256.
  Pricer(const char* isa, std::size_t threads);

  [[nodiscard]] std::size_t threads() const { return pool_.threads(); }
  [[nodiscard]] const char* isa() const { return kernels_.isa; }

  // Throws OptionError for what check() refuses, DeadlineError and Cancelled as `cancel` does.
  [[nodiscard]] Found price(const Contract& contract, const Settings& settings, Cancel& cancel);

  // Whether a call is so long that somebody may want to interrupt it: longer than about 1 ms.
  [[nodiscard]] static bool is_long(const Contract& contract, const Settings& settings);

 private:
  struct Workspace {  // memory that calls use again
    std::vector<BridgeStep> bridge;
    std::vector<std::uint32_t> shifts;
    std::vector<double> still;
    std::vector<Part> parts;
    std::vector<Sums> sums;
  };
  class Lent;

  void lay_out(const Contract& contract, const Settings& settings, Workspace& work) const;

  const Kernels& kernels_;
  const Sobol sobol_;
  ThreadPool pool_;
  ThreadPool alone_{1};
  std::mutex lock_;  // guards free_ alone
  std::vector<std::unique_ptr<Workspace>> free_;
};

}  // namespace asrbench::pricing
