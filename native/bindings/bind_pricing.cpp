// Pricing: contracts go in as numbers and names, prices come out with their standard errors.
#include <pybind11/numpy.h>
#include <pybind11/pybind11.h>
#include <pybind11/stl.h>

#include <optional>
#include <string>
#include <string_view>

#include "bindings/call.hpp"
#include "bindings/register.hpp"
#include "core/error.hpp"
#include "kernels/choose.hpp"
#include "pricing/pricer.hpp"

namespace asrbench::bindings {
namespace {

using pricing::Contract;
using pricing::Settings;

template <class E>
struct Name {
  const char* name;
  E value;
};

constexpr Name<pricing::Kind> kKinds[] = {{"european", pricing::Kind::kEuropean},
                                          {"asian", pricing::Kind::kAsian},
                                          {"barrier", pricing::Kind::kBarrier}};
constexpr Name<pricing::Right> kRights[] = {{"call", pricing::Right::kCall},
                                            {"put", pricing::Right::kPut}};
constexpr Name<pricing::Knock> kKnocks[] = {{"", pricing::Knock::kNone},
                                            {"up-and-out", pricing::Knock::kUpAndOut},
                                            {"up-and-in", pricing::Knock::kUpAndIn},
                                            {"down-and-out", pricing::Knock::kDownAndOut},
                                            {"down-and-in", pricing::Knock::kDownAndIn}};
constexpr Name<pricing::Method> kMethods[] = {{"philox", pricing::Method::kPhilox},
                                              {"sobol", pricing::Method::kSobol}};
constexpr Name<pricing::Precision> kPrecisions[] = {{"float32", pricing::Precision::kFloat32},
                                                    {"float64", pricing::Precision::kFloat64}};

template <class E, std::size_t N>
E of_name(const char* what, std::string_view name, const Name<E> (&known)[N]) {
  for (const Name<E>& each : known) {
    if (name == each.name) return each.value;
  }
  std::string names;
  for (const Name<E>& each : known) {
    names += (names.empty() ? "\"" : ", \"") + std::string(each.name) + "\"";
  }
  fail<OptionError>(what, " is \"", name, "\"; expected one of ", names);
}

// Prices in one call; holds the threads and the memory between calls.
class Pricer {
 public:
  Pricer(std::size_t threads, const std::optional<std::string>& isa)
      : pricer_(isa ? isa->c_str() : kernels::chosen().isa, threads) {}

  [[nodiscard]] std::size_t threads() const { return pricer_.threads(); }

  // Estimates are pairs of a value and its standard error.
  py::tuple price(std::string_view kind, std::string_view right, double spot, double strike,
                  double rate, double volatility, double years, std::size_t steps,
                  std::string_view knock, double barrier, std::size_t paths, std::uint64_t seed,
                  std::string_view method, std::string_view precision, bool greeks,
                  const std::optional<double>& deadline_s) {
    const Contract contract{of_name("kind", kind, kKinds),
                            of_name("right", right, kRights),
                            spot,
                            strike,
                            rate,
                            volatility,
                            years,
                            steps,
                            of_name("knock", knock, kKnocks),
                            barrier};
    const Settings settings{paths, seed, of_name("method", method, kMethods),
                            of_name("precision", precision, kPrecisions), greeks};
    pricing::check(contract, settings);  // is_long multiplies what is bounded
    const bool is_long = pricing::Pricer::is_long(contract, settings);
    const pricing::Found found = native_call(
        deadline_s, [&](Cancel& cancel) { return pricer_.price(contract, settings, cancel); },
        is_long);
    py::tuple result(greeks ? pricing::kOutputs : 1);
    for (std::size_t i = 0; i < result.size(); ++i) {
      result[i] = py::make_tuple(found.outputs[i].value, found.outputs[i].standard_error);
    }
    return result;
  }

 private:
  pricing::Pricer pricer_;
};

constexpr std::size_t kMostCounters = std::size_t{1} << 24U;

py::array_t<std::uint32_t> words(std::uint64_t seed, std::uint64_t first, std::uint32_t step,
                                 std::size_t count, const std::string& isa) {
  const pricing::Kernels& kernels = pricing::named(isa.c_str());
  if (count > kMostCounters) {
    fail<OptionError>("count is ", count, "; expected at most ", kMostCounters);
  }
  py::array_t<std::uint32_t> out({static_cast<py::ssize_t>(count), py::ssize_t{4}});
  kernels.words(seed, first, step, count, out.mutable_data());
  return out;
}

template <class Word, class Real>
py::array_t<Real> normals(const py::array_t<Word, py::array::c_style>& words,
                          void (*compute)(const Word*, std::size_t, Real*)) {
  if (words.ndim() != 1) fail<OptionError>("words have rank ", words.ndim(), "; expected 1");
  py::array_t<Real> out(words.size());
  compute(words.data(), static_cast<std::size_t>(words.size()), out.mutable_data());
  return out;
}

}  // namespace

void register_pricing(py::module_& module) {
  using py::literals::operator""_a;
  auto pricing = module.def_submodule("pricing", "Prices of options by simulation.");
  py::class_<Pricer>(pricing, "Pricer", "Prices contracts; may be called from several threads.")
      .def(py::init<std::size_t, const std::optional<std::string>&>(), "threads"_a = 1,
           "isa"_a = py::none())
      .def_property_readonly("threads", &Pricer::threads)
      .def("price", &Pricer::price, "kind"_a, "right"_a, "spot"_a, "strike"_a, "rate"_a,
           "volatility"_a, "years"_a, "steps"_a, "knock"_a, "barrier"_a, "paths"_a, "seed"_a,
           "method"_a, "precision"_a, "greeks"_a, "deadline_s"_a = py::none());
  pricing.def("words", &words, "seed"_a, "first"_a, "step"_a, "count"_a, py::kw_only(), "isa"_a,
              "The words of Philox of `count` counters.");
  pricing.def(
      "normals32",
      [](const py::array_t<std::uint32_t, py::array::c_style>& words, const std::string& isa) {
        return normals(words, pricing::named(isa.c_str()).normals32);
      },
      py::arg("words").noconvert(), py::kw_only(), "isa"_a, "Deviates of words of 32 bits.");
  pricing.def(
      "normals64",
      [](const py::array_t<std::uint64_t, py::array::c_style>& words, const std::string& isa) {
        return normals(words, pricing::named(isa.c_str()).normals64);
      },
      py::arg("words").noconvert(), py::kw_only(), "isa"_a, "Deviates of words of 64 bits.");
}

}  // namespace asrbench::bindings
