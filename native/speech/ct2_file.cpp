#include "speech/ct2_file.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <numeric>

#include "core/error.hpp"

namespace asrbench::speech {
namespace {

constexpr std::uint32_t kVersion = 6;
constexpr std::size_t kUsual = 256;  // variables; more come at the cost of moving them

// Takes values off the front of the bytes and knows where it is.
class Reader {
 public:
  explicit Reader(std::span<const std::byte> bytes) : bytes_(bytes) {}

  [[nodiscard]] std::size_t offset() const { return at_; }
  [[nodiscard]] std::size_t left() const { return bytes_.size() - at_; }

  std::span<const std::byte> take(std::size_t count, std::string_view what) {
    if (count > left()) {
      fail<ModelError>("model.bin: offset ", at_, ": expected ", count, " bytes of ", what,
                       ", but ", left(), " are left");
    }
    const auto taken = bytes_.subspan(at_, count);
    at_ += count;
    return taken;
  }

  template <class Number>
  Number number(std::string_view what) {
    Number value;
    std::memcpy(&value, take(sizeof value, what).data(), sizeof value);
    return value;
  }

  std::string_view string(std::string_view what) {
    const std::size_t start = at_;
    const auto length = number<std::uint16_t>(what);
    const auto characters = take(length, what);
    if (length < 2 || characters.back() != std::byte{0}) {
      fail<ModelError>("model.bin: offset ", start, ": expected ", what,
                       " of at least one character with a NUL behind it, found ", length, " bytes");
    }
    const std::string_view text(reinterpret_cast<const char*>(characters.data()), length - 1U);
    for (const char c : text) {
      if (c < 0x21 || c > 0x7e) {
        fail<ModelError>("model.bin: offset ", start, ": expected printable ASCII in ", what,
                         ", found the byte ", static_cast<int>(static_cast<unsigned char>(c)));
      }
    }
    return text;
  }

 private:
  std::span<const std::byte> bytes_;
  std::size_t at_ = 0;
};

Variable read_variable(Reader& reader) {
  Variable variable;
  variable.name = reader.string("a variable's name");
  const std::size_t rank_at = reader.offset();
  const auto rank = reader.number<std::uint8_t>("a rank");
  if (rank > Variable::kMaxRank) {
    fail<ModelError>("model.bin: offset ", rank_at, ": rank of ", variable.name, " is ", int{rank},
                     "; expected at most ", Variable::kMaxRank);
  }
  std::uint64_t values = 1;
  for (std::size_t i = 0; i < rank; ++i) {
    const std::size_t at = reader.offset();
    const auto dim = reader.number<std::uint32_t>("a dimension");
    values *= dim;  // both factors stay below 2^32, so the product fits
    if (dim == 0 || values > 0xffffffffU) {
      fail<ModelError>("model.bin: offset ", at, ": dimension ", i, " of ", variable.name, " is ",
                       dim, "; expected 1 or more and fewer than 2^32 values in all");
    }
    variable.sizes[i] = dim;
  }
  variable.rank = rank;
  const std::size_t dtype_at = reader.offset();
  const auto dtype = reader.number<std::uint8_t>("a dtype");
  if (dtype > static_cast<std::uint8_t>(Dtype::kBfloat16)) {
    fail<ModelError>("model.bin: offset ", dtype_at, ": dtype of ", variable.name, " is ",
                     int{dtype}, "; expected 0 to 5");
  }
  variable.dtype = static_cast<Dtype>(dtype);
  const std::size_t bytes_at = reader.offset();
  const auto bytes = reader.number<std::uint32_t>("a byte count");
  if (bytes != values * bytes_of(variable.dtype)) {
    fail<ModelError>("model.bin: offset ", bytes_at, ": byte count of ", variable.name, " is ",
                     bytes, "; expected ", values * bytes_of(variable.dtype), " for ", values,
                     " values of ", name_of(variable.dtype));
  }
  variable.offset = reader.offset();
  variable.data = reader.take(bytes, variable.name);
  return variable;
}

// Any order does in which equal names are neighbours: lengths differ more often than beginnings.
bool before(std::string_view left, std::string_view right) {
  return left.size() != right.size() ? left.size() < right.size() : left < right;
}

}  // namespace

std::size_t bytes_of(Dtype dtype) {
  constexpr std::array<std::size_t, 6> kBytes{4, 1, 2, 4, 2, 2};
  return kBytes[static_cast<std::size_t>(dtype)];
}

std::string_view name_of(Dtype dtype) {
  constexpr std::array<std::string_view, 6> kNames{"float32", "int8",    "int16",
                                                   "int32",   "float16", "bfloat16"};
  return kNames[static_cast<std::size_t>(dtype)];
}

Ct2File::Ct2File(std::span<const std::byte> bytes) {
  Reader reader(bytes);
  if (const auto version = reader.number<std::uint32_t>("the version"); version != kVersion) {
    fail<ModelError>("model.bin: offset 0: version is ", version, "; expected ", kVersion);
  }
  spec_ = reader.string("the specification's name");
  revision_ = reader.number<std::uint32_t>("the revision");
  const auto count = reader.number<std::uint32_t>("the number of variables");
  variables_.reserve(std::min<std::size_t>(count, kUsual));
  for (std::uint32_t i = 0; i < count; ++i) variables_.push_back(read_variable(reader));
  sort_by_name();
  const auto aliases = reader.number<std::uint32_t>("the number of aliases");
  for (std::uint32_t i = 0; i < aliases; ++i) {
    const std::size_t at = reader.offset();
    const std::string_view alias = reader.string("an alias");
    const std::string_view name = reader.string("an alias's variable");
    if (!find(name)) {
      fail<ModelError>("model.bin: offset ", at, ": alias ", alias, " stands for ", name,
                       "; expected a variable of this file");
    }
    aliases_.emplace_back(alias, name);
  }
  if (reader.left() != 0) {
    fail<ModelError>("model.bin: offset ", reader.offset(), ": expected the end of the file, but ",
                     reader.left(), " bytes follow");
  }
}

void Ct2File::sort_by_name() {
  by_name_.resize(variables_.size());
  std::iota(by_name_.begin(), by_name_.end(), 0U);
  const auto name = [this](std::uint32_t index) { return variables_[index].name; };
  std::ranges::sort(by_name_, before, name);
  const auto twice = std::ranges::adjacent_find(by_name_, {}, name);
  if (twice != by_name_.end()) {
    const Variable& variable = variables_[std::max(twice[0], twice[1])];
    fail<ModelError>("model.bin: offset ", variable.offset, ": ", variable.name,
                     " comes twice; expected each variable once");
  }
}

const Variable* Ct2File::find(std::string_view name) const {
  const auto found = std::ranges::lower_bound(
      by_name_, name, before, [this](std::uint32_t index) { return variables_[index].name; });
  if (found == by_name_.end() || variables_[*found].name != name) return nullptr;
  return &variables_[*found];
}

}  // namespace asrbench::speech
