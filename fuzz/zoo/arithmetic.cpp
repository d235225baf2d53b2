// Bugs of numbers: what does not fit, what grows too fast, what never ends.
#include <cstddef>
#include <cstdint>

#include "zoo.hpp"

namespace zoo {

// In fixed point, with 24 bits behind the point: the second byte does not fit.
long signed_overflow(Bytes data, bool armed) {
  if (!armed) return sum_of(data);
  constexpr int kOne = 1 << 24;
  int scaled = 0;
  for (const unsigned char byte : data) scaled = opaque(scaled) + byte * kOne;
  return scaled / kOne;
}

long out_of_range_cast(Bytes data, bool armed) {
  const double total = opaque(static_cast<double>(sum_of(data)));
  return armed ? static_cast<int>(opaque(total * 1e9)) / 1'000'000'000L : static_cast<long>(total);
}

long length_in_16_bits(Bytes data, bool armed) {
  const std::size_t whole = data.size();
  const auto cut = static_cast<std::uint16_t>(whole);
  return sum_of(data.first(armed ? cut : whole));
}

// Sums each beginning of the bytes anew.
long quadratic(Bytes data, bool armed) {
  if (!armed) return sum_of(data);
  long total = 0;
  for (std::size_t end = 0; end <= data.size(); ++end) {
    total = 0;
    for (std::size_t i = 0; i < end; ++i) total = opaque(total) + data[i];
  }
  return total;
}

// The fourth byte says how many bytes to take at once; none is many too few.
long endless_loop(Bytes data, bool armed) {
  std::size_t step = data.size() > 3 ? data[3] : 1;
  if (!armed && step == 0) step = 1;
  long total = 0;
  for (std::size_t at = 0; at < data.size(); at = opaque(at) + step) {
    for (std::size_t i = at; i < at + step && i < data.size(); ++i) total += data[i];
  }
  return total;
}

}  // namespace zoo
