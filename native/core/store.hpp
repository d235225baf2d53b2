// A sequence of arrays that is made once, and mapped from a file from then on.
//
// Whoever fills it asks for its arrays in a fixed order and says how each is made. A new store
// makes them; a store over a file's bytes finds them there, in the same order, and makes none.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "core/error.hpp"
#include "core/mapped_file.hpp"
#include "core/matrix.hpp"

namespace asrbench {

class Store {
 public:
  Store() = default;

  // Arrays lie in the file from `offset` on. The file stays mapped as long as the store lives.
  Store(std::unique_ptr<const MappedFile> file, std::size_t offset) : Store(file->bytes(), offset) {
    file_ = std::move(file);
  }

  // The same in bytes that outlive the store, and begin at a multiple of kAlignment.
  Store(std::span<const std::byte> bytes, std::size_t offset)
      : mapped_(true), bytes_(bytes), offset_(offset) {}

  // `count` values; make(T*) fills them where they are new. Throws ModelError where the file has
  // another number of bytes at this place.
  template <class T, class Make>
  [[nodiscard]] std::span<const T> array(std::size_t count, const Make& make) {
    if (mapped_) {
      const std::span<const std::byte> bytes = next(count * sizeof(T));
      return {reinterpret_cast<const T*>(bytes.data()), count};
    }
    made_.emplace_back(count * sizeof(T));
    T* const values = reinterpret_cast<T*>(made_.back().data.get());
    make(values);
    return {values, count};
  }

  [[nodiscard]] bool mapped() const { return mapped_; }

  // Throws ModelError if a mapped file has more than was asked for.
  void expect_end() const {
    if (mapped_ && offset_ != bytes_.size()) {
      fail<ModelError>("prepared weights have ", bytes_.size(), " bytes; expected ", offset_);
    }
  }

  // Calls write(bytes) for one piece of the file after the other.
  template <class Write>
  void save(const Write& write) const {
    constexpr std::byte kZeros[kAlignment] = {};
    for (const Made& made : made_) {
      std::byte head[kAlignment] = {};
      const std::uint64_t size = made.size;
      std::memcpy(head, &size, sizeof size);
      write(std::span<const std::byte>(head));
      write(std::span<const std::byte>(made.data.get(), made.size));
      write(std::span<const std::byte>(kZeros).first(padding(made.size)));
    }
  }

 private:
  // An array's bytes. A Buffer would go through them one by one where a build counts its steps.
  struct Made {
    struct Free {
      void operator()(std::byte* p) const { AlignedAllocator<std::byte>().deallocate(p, 0); }
    };
    explicit Made(std::size_t count)
        : data(count > 0 ? AlignedAllocator<std::byte>().allocate(count) : nullptr), size(count) {}

    std::unique_ptr<std::byte[], Free> data;
    std::size_t size;
  };

  static std::size_t padding(std::size_t size) {
    return (kAlignment - size % kAlignment) % kAlignment;
  }

  std::span<const std::byte> next(std::size_t size) {
    std::uint64_t found = 0;
    if (bytes_.size() - offset_ >= kAlignment) {
      std::memcpy(&found, bytes_.data() + offset_, sizeof found);
      const std::size_t left = bytes_.size() - offset_ - kAlignment;
      if (found == size && left >= size && left - size >= padding(size)) {
        const std::span<const std::byte> array = bytes_.subspan(offset_ + kAlignment, size);
        offset_ += kAlignment + size + padding(size);
        return array;
      }
    }
    fail<ModelError>("prepared weights have ", found, " bytes at offset ", offset_, "; expected ",
                     size);
  }

  std::unique_ptr<const MappedFile> file_;
  bool mapped_ = false;
  std::span<const std::byte> bytes_;
  std::size_t offset_ = 0;
  std::vector<Made> made_;
};

}  // namespace asrbench
