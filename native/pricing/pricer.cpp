#include "pricing/pricer.hpp"

#include <algorithm>
#include <cmath>

namespace asrbench::pricing {
namespace {

constexpr std::size_t kBlock = 1U << 14;  // deviates of a task: some 10 to 100 us
constexpr std::size_t kAlone = 100'000;   // below so many, waking a thread costs more than it does
constexpr std::size_t kMultiple = 64;     // pairs, of which Part::first is a multiple
constexpr std::size_t kMostThreads = 256;
constexpr std::uint32_t kShiftStep = 1U << 31U;  // of a counter: no path has as many dates

std::size_t deviates(const Contract& contract, const Settings& settings) {
  return settings.paths * contract.steps;  // at most 2^50
}

Plan plan_of(const Contract& c, const Settings& settings, const Sobol& sobol,
             std::vector<double>& still) {
  const double step = c.years / static_cast<double>(c.steps);
  Plan plan{};
  plan.contract = c;
  plan.greeks = settings.greeks;
  plan.strike = c.strike / c.spot;
  plan.log_barrier = c.kind == Kind::kBarrier ? std::log(c.barrier / c.spot) : 0;
  plan.drift = (c.rate - c.volatility * c.volatility / 2) * step;
  plan.noise = c.volatility * std::sqrt(step);
  still.resize(c.steps);
  for (std::size_t i = 0; i < c.steps; ++i) {
    still[i] = std::exp(plan.drift * static_cast<double>(i + 1));
  }
  plan.still = still.data();
  plan.still_mean = std::exp(plan.drift * static_cast<double>(c.steps + 1) / 2);
  plan.seed = settings.seed;
  plan.directions = sobol.directions();
  plan.first = sobol.first();
  return plan;
}

// Mean and standard error of n values by their sums.
Estimate estimate(double sum, double square, double n) {
  const double mean = sum / n;
  const double variance = std::max(0.0, (square / n - mean * mean) * n / (n - 1));
  return {mean, std::sqrt(variance / n)};
}

}  // namespace

// A workspace of the free ones, or a new one; given back at the end.
class Pricer::Lent {
 public:
  explicit Lent(Pricer& pricer) : pricer_(pricer) {
    const std::lock_guard<std::mutex> guard(pricer.lock_);
    if (pricer.free_.empty()) {
      work_ = std::make_unique<Workspace>();
    } else {
      work_ = std::move(pricer.free_.back());
      pricer.free_.pop_back();
    }
  }
  ~Lent() {
    const std::lock_guard<std::mutex> guard(pricer_.lock_);
    pricer_.free_.push_back(std::move(work_));
  }
  Lent(const Lent&) = delete;
  Lent& operator=(const Lent&) = delete;
  Workspace& operator*() const { return *work_; }

 private:
  Pricer& pricer_;
  std::unique_ptr<Workspace> work_;
};

Pricer::Pricer(const char* isa, std::size_t threads)
    : kernels_(named(isa)), pool_(threads <= kMostThreads ? threads : 0) {}

bool Pricer::is_long(const Contract& contract, const Settings& settings) {
  return deviates(contract, settings) > kAlone;
}

// Cuts the paths into parts: the same ones for any number of threads.
void Pricer::lay_out(const Contract& contract, const Settings& settings, Workspace& work) const {
  const std::size_t steps = contract.steps;
  const std::size_t block = std::max(kMultiple, kBlock / steps / kMultiple * kMultiple);
  work.parts.clear();
  const auto cut = [&](std::size_t count, const std::uint32_t* shift) {
    for (std::size_t first = 0; first < count; first += block) {
      work.parts.push_back({first, std::min(block, count - first), shift});
    }
  };
  if (settings.method == Method::kPhilox) return cut(settings.paths / 2, nullptr);
  bridge(steps, work.bridge);
  constexpr std::size_t kWords = 4;
  const std::size_t each = (steps + kWords - 1) / kWords * kWords;
  work.shifts.resize(kShifts * each);
  for (std::size_t r = 0; r < kShifts; ++r) {
    std::uint32_t* const shift = work.shifts.data() + r * each;
    kernels_.words(settings.seed, r << 32U, kShiftStep, each / kWords, shift);
    cut(settings.paths / 2 / kShifts, shift);
  }
}

Found Pricer::price(const Contract& contract, const Settings& settings, Cancel& cancel) {
  check(contract, settings);
  const Lent lent(*this);
  Workspace& work = *lent;
  lay_out(contract, settings, work);
  Plan plan = plan_of(contract, settings, sobol_, work.still);
  plan.bridge = work.bridge.data();
  work.sums.resize(work.parts.size());
  const auto simulate =
      settings.precision == Precision::kFloat32 ? kernels_.simulate32 : kernels_.simulate64;
  ThreadPool& pool = deviates(contract, settings) < kAlone ? alone_ : pool_;
  pool.run(work.parts.size(), cancel,
           [&](std::size_t i, std::size_t) { simulate(plan, work.parts[i], work.sums[i]); });

  const double discount = std::exp(-contract.rate * contract.years);
  const double scales[kOutputs] = {contract.spot * discount, discount,
                                   discount / contract.spot, contract.spot * discount,
                                   contract.spot * discount, contract.spot * discount};
  const bool sobol = settings.method == Method::kSobol;
  const std::size_t shifts = sobol ? kShifts : 1;
  const std::size_t each = work.parts.size() / shifts;
  const double points = static_cast<double>(settings.paths / 2 / shifts);
  Found found{};
  for (std::size_t out = 0; out < (settings.greeks ? kOutputs : 1); ++out) {
    double sum = 0;
    double square = 0;
    for (std::size_t r = 0; r < shifts; ++r) {
      double part = 0;
      for (std::size_t i = r * each; i < (r + 1) * each; ++i) {
        part += work.sums[i].sum[out];
        if (!sobol) square += work.sums[i].square[out];
      }
      if (sobol) square += (part / points) * (part / points);
      sum += sobol ? part / points : part;
    }
    Estimate& e = found.outputs[out];
    e = estimate(sum, square, sobol ? static_cast<double>(kShifts) : points);
    e.value *= scales[out];
    e.standard_error *= scales[out];
  }
  if (contract.kind == Kind::kAsian) found.outputs[0].value += geometric_asian(contract);
  return found;
}

}  // namespace asrbench::pricing
