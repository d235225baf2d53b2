// Reads the framing of a CTranslate2 model file over bytes that it borrows.
//
// Format (binary version 6, little-endian), as written by CTranslate2's model_spec.py:
//   u32 6 | str spec | u32 revision | u32 n | n variables | u32 m | m aliases (str alias, str name)
//   variable: str name | u8 rank | u32 dims[rank] | u8 dtype | u32 bytes | data, unaligned
//   str: u16 length with the trailing NUL, then the characters
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

namespace asrbench::speech {

enum class Dtype : std::uint8_t { kFloat32, kInt8, kInt16, kInt32, kFloat16, kBfloat16 };

[[nodiscard]] std::size_t bytes_of(Dtype dtype);
[[nodiscard]] std::string_view name_of(Dtype dtype);

// A named array. `name` and `data` borrow from the file's bytes; `data` may be unaligned.
struct Variable {
  static constexpr std::size_t kMaxRank = 8;

  std::string_view name;
  Dtype dtype{};
  std::array<std::uint32_t, kMaxRank> sizes{};
  std::size_t rank = 0;
  std::size_t offset = 0;  // of the data in the file
  std::span<const std::byte> data;

  [[nodiscard]] std::span<const std::uint32_t> shape() const {
    return std::span(sizes).first(rank);
  }
  [[nodiscard]] std::size_t size() const { return data.size() / bytes_of(dtype); }
};

class Ct2File {
 public:
  // Checks every framing byte; the last one is the file's last. Throws ModelError, which names the
  // offset and what was expected there. The bytes must outlive the variables.
  explicit Ct2File(std::span<const std::byte> bytes);

  [[nodiscard]] std::string_view spec() const { return spec_; }
  [[nodiscard]] std::uint32_t revision() const { return revision_; }
  [[nodiscard]] const std::vector<Variable>& variables() const { return variables_; }

  // Other names and the variables they stand for.
  [[nodiscard]] const std::vector<std::pair<std::string_view, std::string_view>>& aliases() const {
    return aliases_;
  }

  // The variable of that name, or null.
  [[nodiscard]] const Variable* find(std::string_view name) const;

 private:
  void sort_by_name();

  std::string_view spec_;
  std::uint32_t revision_ = 0;
  std::vector<Variable> variables_;
  std::vector<std::pair<std::string_view, std::string_view>> aliases_;
  std::vector<std::uint32_t> by_name_;  // indices of variables, in the order of their names
};

}  // namespace asrbench::speech
