// A growing row of doubles that takes 8 bytes a value of memory, while it grows too.
//
// Few values lie in a vector; many in pages of their own, which the kernel moves without copying
// and which take no memory before they are written.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace asrbench::jsonlog {

class Values {
 public:
  Values() = default;
  ~Values();
  Values(Values&& other) noexcept;
  Values& operator=(Values&& other) noexcept;
  Values(const Values&) = delete;
  Values& operator=(const Values&) = delete;

  void push(double value) {
    if (size_ == capacity_) grow();
    data_[size_++] = value;
  }

  // Takes all values of another, giving back its memory on the way.
  void take(Values&& other);

  [[nodiscard]] std::span<double> all() { return {data_, size_}; }
  [[nodiscard]] std::size_t size() const { return size_; }

 private:
  void grow();
  void shrink();  // gives back the pages behind the last value

  std::vector<double> few_;
  double* data_ = nullptr;
  std::size_t size_ = 0;
  std::size_t capacity_ = 0;
  bool mapped_ = false;
};

}  // namespace asrbench::jsonlog
