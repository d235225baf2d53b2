// A file's bytes, mapped into memory read-only.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace asrbench {

class MappedFile {
 public:
  explicit MappedFile(const std::string& path);  // throws Error if it cannot be mapped
  ~MappedFile();
  MappedFile(const MappedFile&) = delete;
  MappedFile& operator=(const MappedFile&) = delete;

  [[nodiscard]] std::span<const std::byte> bytes() const {
    return {static_cast<const std::byte*>(start_), size_};
  }
  [[nodiscard]] std::string_view text() const { return {static_cast<const char*>(start_), size_}; }

 private:
  void* start_ = nullptr;  // null for an empty file
  std::size_t size_ = 0;
};

}  // namespace asrbench
