// The variables of a model file by name, each checked against what its place asks for.
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <vector>

#include "core/matrix.hpp"
#include "speech/ct2_file.hpp"

namespace asrbench::speech {

// Every refusal is a ModelError that names the variable, what it is and what was expected.
class Variables {
 public:
  using Shape = std::initializer_list<std::size_t>;

  explicit Variables(const Ct2File& file) : file_(file), used_(file.variables().size()) {}

  [[nodiscard]] bool has(const std::string& name) const { return file_.find(name) != nullptr; }
  [[nodiscard]] bool any(Dtype dtype) const;

  // The sizes of a variable of that rank.
  [[nodiscard]] std::vector<std::size_t> shape(const std::string& name, std::size_t rank);

  // An integer that steers the computation.
  [[nodiscard]] long scalar(const std::string& name);

  // The variable may be absent, but has that value where it is there.
  void expect(const std::string& name, long value);

  // The variable may be there, and changes nothing that we compute.
  void pass(const std::string& name) {
    if (const Variable* found = file_.find(name)) use(*found);
  }

  // Throws unless the variable is there with that shape.
  void expect_shape(const std::string& name, const Shape& shape) { (void)find(name, shape); }

  // The values as float32, all finite: float16 and bfloat16 widened, int8 and int16 divided by
  // their scales.
  [[nodiscard]] Buffer<float> floats(const std::string& name, const Shape& shape);

  // Whether they are stored as float16, and their bits if they are, all finite.
  [[nodiscard]] bool are_halves(const std::string& name);
  [[nodiscard]] Buffer<std::uint16_t> halves(const std::string& name, const Shape& shape);

  // Throws for a variable or an alias that nobody asked for: it might mean another computation.
  void expect_all_used() const;

 private:
  [[nodiscard]] const Variable& find(const std::string& name);
  [[nodiscard]] const Variable& find(const std::string& name, const Shape& shape);
  void use(const Variable& variable) {
    used_[static_cast<std::size_t>(&variable - file_.variables().data())] = true;
  }
  void divide_by_scale(const Variable& variable, Buffer<float>& values);

  const Ct2File& file_;
  std::vector<bool> used_;  // by index
};

}  // namespace asrbench::speech
