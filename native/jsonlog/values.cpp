#include "jsonlog/values.hpp"

#include <sys/mman.h>

#include <algorithm>
#include <utility>

#include "core/error.hpp"

namespace asrbench::jsonlog {
namespace {

constexpr std::size_t kFew = 1U << 14U;   // 128 KB
constexpr std::size_t kPage = 1U << 17U;  // values that are given back at once: 1 MB

[[noreturn]] void no_memory(std::size_t values) {
  fail<EngineError>("no memory for ", values, " values of 8 bytes");
}

}  // namespace

Values::~Values() {
  if (mapped_) munmap(data_, capacity_ * sizeof(double));
}

Values::Values(Values&& other) noexcept { *this = std::move(other); }

Values& Values::operator=(Values&& other) noexcept {
  std::swap(few_, other.few_);
  std::swap(data_, other.data_);
  std::swap(size_, other.size_);
  std::swap(capacity_, other.capacity_);
  std::swap(mapped_, other.mapped_);
  return *this;
}

void Values::grow() {
  const std::size_t capacity = std::max<std::size_t>(8, 2 * capacity_);
  if (mapped_) {
    void* const moved =
        mremap(data_, capacity_ * sizeof(double), capacity * sizeof(double), MREMAP_MAYMOVE);
    if (moved == MAP_FAILED) no_memory(capacity);
    data_ = static_cast<double*>(moved);
  } else if (capacity >= kFew) {
    void* const pages = mmap(nullptr, capacity * sizeof(double), PROT_READ | PROT_WRITE,
                             MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (pages == MAP_FAILED) no_memory(capacity);
    std::copy_n(data_, size_, static_cast<double*>(pages));
    data_ = static_cast<double*>(pages);
    mapped_ = true;
    few_ = {};
  } else {
    few_.resize(capacity);
    data_ = few_.data();
  }
  capacity_ = capacity;
}

void Values::take(Values&& other) {
  if (size_ < other.size_) std::swap(*this, other);
  while (other.size_ > 0) {
    const std::size_t count = std::min(other.size_, kPage);
    for (std::size_t i = other.size_ - count; i < other.size_; ++i) push(other.data_[i]);
    other.size_ -= count;
    other.shrink();
  }
}

void Values::shrink() {
  const std::size_t capacity = std::max(size_, kFew);
  if (!mapped_ || capacity >= capacity_) return;
  void* const same = mremap(data_, capacity_ * sizeof(double), capacity * sizeof(double), 0);
  if (same != MAP_FAILED) capacity_ = capacity;
}

}  // namespace asrbench::jsonlog
