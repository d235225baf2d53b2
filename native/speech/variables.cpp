#include "speech/variables.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <sstream>
#include <string>
#include <string_view>

#include "core/error.hpp"
#include "core/half.hpp"

namespace asrbench::speech {
namespace {

template <class Sizes>
std::string text_of(const Sizes& shape) {
  std::ostringstream text;
  text << "(";
  std::string_view between;
  for (const auto size : shape) {
    text << between << size;
    between = ", ";
  }
  text << ")";
  return text.str();
}

template <class Stored>
Stored stored(const Variable& variable, std::size_t i) {
  Stored value;
  std::memcpy(&value, variable.data.data() + i * sizeof value, sizeof value);
  return value;
}

float value_at(const Variable& variable, std::size_t i) {
  switch (variable.dtype) {
    case Dtype::kFloat32:
      return stored<float>(variable, i);
    case Dtype::kFloat16:
      return half_to_float(stored<std::uint16_t>(variable, i));
    case Dtype::kBfloat16:
      return bfloat_to_float(stored<std::uint16_t>(variable, i));
    case Dtype::kInt8:
      return stored<std::int8_t>(variable, i);
    case Dtype::kInt16:
      return stored<std::int16_t>(variable, i);
    case Dtype::kInt32:
      break;
  }
  fail<ModelError>("model.bin: offset ", variable.offset, ": ", variable.name, " is ",
                   name_of(variable.dtype), "; expected weights");
}

[[noreturn]] void refuse_value(const Variable& variable, std::size_t i, float value) {
  fail<ModelError>("model.bin: offset ", variable.offset, ": value ", i, " of ", variable.name,
                   " is ", value, "; expected a finite value");
}

}  // namespace

const Variable& Variables::find(std::string_view name) {
  const Variable* found = file_.find(name);
  if (!found) fail<ModelError>("model.bin: expected a variable ", name, ", found none");
  use(*found);
  return *found;
}

const Variable& Variables::find(std::string_view name, const Shape& shape) {
  const Variable& found = find(name);
  if (!std::ranges::equal(shape, found.shape())) {
    fail<ModelError>("model.bin: offset ", found.offset, ": ", name, " has shape ",
                     text_of(found.shape()), "; expected ", text_of(shape));
  }
  return found;
}

bool Variables::any(Dtype dtype) const {
  return std::any_of(file_.variables().begin(), file_.variables().end(),
                     [=](const Variable& variable) { return variable.dtype == dtype; });
}

std::span<const std::uint32_t> Variables::shape(std::string_view name, std::size_t rank) {
  const Variable& found = find(name);
  if (found.rank != rank) {
    fail<ModelError>("model.bin: offset ", found.offset, ": ", name, " has shape ",
                     text_of(found.shape()), "; expected rank ", rank);
  }
  return found.shape();
}

long Variables::scalar(std::string_view name) {
  const Variable& found = find(name, {});
  switch (found.dtype) {
    case Dtype::kInt8:
      return stored<std::int8_t>(found, 0);
    case Dtype::kInt16:
      return stored<std::int16_t>(found, 0);
    case Dtype::kInt32:
      return stored<std::int32_t>(found, 0);
    default:
      fail<ModelError>("model.bin: offset ", found.offset, ": ", name, " is ", name_of(found.dtype),
                       "; expected an integer");
  }
}

void Variables::expect(std::string_view name, long value) {
  if (has(name) && scalar(name) != value) {
    fail<ModelError>("model.bin: ", name, " is ", scalar(name), "; expected ", value);
  }
}

void Variables::floats(const Variable& variable, std::span<float> into) {
  for (std::size_t i = 0; i < into.size(); ++i) into[i] = value_at(variable, i);
  if (variable.dtype == Dtype::kInt8 || variable.dtype == Dtype::kInt16) {
    divide_by_scale(variable, into);
  }
  const auto bad = std::ranges::find_if_not(into, [](float x) { return std::isfinite(x); });
  if (bad != into.end()) {
    refuse_value(variable, static_cast<std::size_t>(bad - into.begin()), *bad);
  }
}

Buffer<float> Variables::floats(const Variable& variable) {
  Buffer<float> values(variable.size());
  floats(variable, values);
  return values;
}

Buffer<std::uint16_t> Variables::halves(const Variable& variable) {
  Buffer<std::uint16_t> values(variable.size());
  std::memcpy(values.data(), variable.data.data(), variable.data.size());
  constexpr std::uint16_t kSpecial = 0x7c00;  // the exponent of infinity and NaN
  const auto bad = std::find_if(values.begin(), values.end(),
                                [](std::uint16_t x) { return (x & kSpecial) == kSpecial; });
  if (bad != values.end()) {
    refuse_value(variable, static_cast<std::size_t>(bad - values.begin()), half_to_float(*bad));
  }
  return values;
}

// A quantised value is q / scale, with one scale a row (int8) or in all (int16).
void Variables::divide_by_scale(const Variable& variable, std::span<float> values) {
  const bool by_row = variable.dtype == Dtype::kInt8 && variable.rank > 0;
  const std::size_t rows = by_row ? variable.sizes[0] : 1;
  const std::string name = std::string(variable.name) + "_scale";
  const Buffer<float> scale = floats(by_row ? find(name, {rows}) : find(name, {}));
  const std::size_t width = values.size() / rows;
  for (std::size_t i = 0; i < values.size(); ++i) values[i] /= scale[i / width];
}

void Variables::expect_all_used() const {
  for (std::size_t i = 0; i < used_.size(); ++i) {
    if (!used_[i]) {
      const Variable& variable = file_.variables()[i];
      fail<ModelError>("model.bin: offset ", variable.offset, ": ", variable.name,
                       " is no variable of a Whisper model of these sizes");
    }
  }
  for (const auto& [alias, name] : file_.aliases()) {
    if (alias != "decoder/projection/weight" || name != "decoder/embeddings/weight") {
      fail<ModelError>("model.bin: alias ", alias, " stands for ", name,
                       "; expected decoder/projection/weight for decoder/embeddings/weight");
    }
  }
}

}  // namespace asrbench::speech
