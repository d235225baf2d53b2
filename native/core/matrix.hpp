// Dense float32 matrices in row-major order: one that owns its memory and two that borrow it.
#pragma once

#include <cstddef>
#include <new>
#include <span>
#include <type_traits>
#include <vector>

namespace asrbench {

inline constexpr std::size_t kAlignment = 64;  // bytes: one cache line, one AVX-512 register

// Memory aligned to a cache line, and not written on resize: kernels fill what they own.
template <class T>
struct AlignedAllocator {
  using value_type = T;
  AlignedAllocator() = default;
  template <class U>
  AlignedAllocator(const AlignedAllocator<U>&) noexcept {}  // NOLINT: allocators convert
  T* allocate(std::size_t n) {
    return static_cast<T*>(::operator new(n * sizeof(T), std::align_val_t{kAlignment}));
  }
  void deallocate(T* p, std::size_t) noexcept {
    ::operator delete(p, std::align_val_t{kAlignment});
  }
  template <class U>
  void construct(U* p) noexcept {
    ::new (static_cast<void*>(p)) U;  // default-initialised: numbers stay unwritten
  }
  template <class U, class... Args>
  void construct(U* p, Args&&... args) {
    ::new (static_cast<void*>(p)) U(static_cast<Args&&>(args)...);
  }
  bool operator==(const AlignedAllocator&) const = default;
};

template <class T>
using Buffer = std::vector<T, AlignedAllocator<T>>;

// Borrowed rows that may be changed. `stride` is the distance of two rows in values.
struct MatrixView {
  float* data;
  std::size_t rows;
  std::size_t columns;
  std::size_t stride;

  [[nodiscard]] float* row(std::size_t r) const { return data + r * stride; }
};

// Borrowed rows, read only.
struct ConstView {
  const float* data;
  std::size_t rows;
  std::size_t columns;
  std::size_t stride;

  ConstView(const float* values, std::size_t r, std::size_t c, std::size_t s)
      : data(values), rows(r), columns(c), stride(s) {}
  ConstView(MatrixView view)  // NOLINT: reading is always allowed
      : data(view.data), rows(view.rows), columns(view.columns), stride(view.stride) {}

  [[nodiscard]] const float* row(std::size_t r) const { return data + r * stride; }
};

// Owns rows x columns values, row-major without gaps; unwritten until filled.
class Matrix {
 public:
  Matrix() = default;
  Matrix(std::size_t rows, std::size_t columns)
      : rows_(rows), columns_(columns), values_(rows * columns) {}

  [[nodiscard]] std::size_t rows() const { return rows_; }
  [[nodiscard]] std::size_t columns() const { return columns_; }
  [[nodiscard]] float* data() { return values_.data(); }
  [[nodiscard]] const float* data() const { return values_.data(); }
  [[nodiscard]] float* row(std::size_t r) { return data() + r * columns_; }
  [[nodiscard]] const float* row(std::size_t r) const { return data() + r * columns_; }

  // Forgets the rows behind the first `rows`.
  void keep_rows(std::size_t rows) {
    rows_ = rows;
    values_.resize(rows * columns_);
  }

  [[nodiscard]] MatrixView view() { return {data(), rows_, columns_, columns_}; }
  [[nodiscard]] ConstView view() const { return {data(), rows_, columns_, columns_}; }

 private:
  std::size_t rows_ = 0;
  std::size_t columns_ = 0;
  Buffer<float> values_;
};

}  // namespace asrbench
