// The variables of a model file by name, each checked against what its place asks for.
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <string_view>
#include <vector>

#include "core/matrix.hpp"
#include "speech/ct2_file.hpp"

namespace asrbench::speech {

// Every refusal is a ModelError that names the variable, what it is and what was expected.
class Variables {
 public:
  using Shape = std::initializer_list<std::size_t>;

  explicit Variables(const Ct2File& file) : file_(file), used_(file.variables().size()) {}

  [[nodiscard]] bool has(std::string_view name) const { return file_.find(name) != nullptr; }
  [[nodiscard]] bool any(Dtype dtype) const;

  // The sizes of a variable of that rank.
  [[nodiscard]] std::span<const std::uint32_t> shape(std::string_view name, std::size_t rank);

  // An integer that steers the computation.
  [[nodiscard]] long scalar(std::string_view name);

  // The variable may be absent, but has that value where it is there.
  void expect(std::string_view name, long value);

  // The variable may be there, and changes nothing that we compute.
  void pass(std::string_view name) {
    if (const Variable* found = file_.find(name)) use(*found);
  }

  // The variable of that name; throws unless it is there with that shape.
  [[nodiscard]] const Variable& find(std::string_view name, const Shape& shape);

  // Its values as float32, all finite: float16 and bfloat16 widened, int8 and int16 divided by
  // their scales. `into` has as many.
  void floats(const Variable& variable, std::span<float> into);
  [[nodiscard]] Buffer<float> floats(const Variable& variable);

  // The bits of its float16 values, all finite.
  [[nodiscard]] static Buffer<std::uint16_t> halves(const Variable& variable);

  // Throws for a variable or an alias that nobody asked for: it might mean another computation.
  void expect_all_used() const;

 private:
  [[nodiscard]] const Variable& find(std::string_view name);
  void use(const Variable& variable) {
    used_[static_cast<std::size_t>(&variable - file_.variables().data())] = true;
  }
  void divide_by_scale(const Variable& variable, std::span<float> values);

  const Ct2File& file_;
  std::vector<bool> used_;  // by index
};

}  // namespace asrbench::speech
