#include "speech/fft.hpp"

#include <cmath>
#include <numbers>

namespace asrbench::speech {

namespace {

// Of 2 pi j / 400, for every transform there is.
struct Circle {
  std::array<double, kWindow> cosine;
  std::array<double, kWindow> sine;
};

const Circle& circle() {
  static const Circle made = [] {
    Circle values{};
    for (std::size_t j = 0; j < kWindow; ++j) {
      const double angle = 2 * std::numbers::pi * static_cast<double>(j) / kWindow;
      values.cosine[j] = std::cos(angle);
      values.sine[j] = std::sin(angle);
    }
    return values;
  }();
  return made;
}

}  // namespace

Fft::Fft() : cosine_(circle().cosine), sine_(circle().sine) {}

// One pass: `stride` transforms of `length` become Radix times as many of length / Radix.
template <std::size_t Radix>
void Fft::stage(const Signal& from, Signal& to, std::size_t length, std::size_t stride) const {
  const std::size_t part = length / Radix;
  for (std::size_t p = 0; p < part; ++p) {
    for (std::size_t k = 0; k < Radix; ++k) {
      // exp(-2 pi i (p k / length + j k / Radix)) for the Radix inputs j, on the 400-point circle
      std::array<double, Radix> c;
      std::array<double, Radix> s;
      for (std::size_t j = 0; j < Radix; ++j) {
        const std::size_t turn = (p * k * stride + j * k * (kWindow / Radix)) % kWindow;
        c[j] = cosine_[turn];
        s[j] = sine_[turn];
      }
      for (std::size_t q = 0; q < stride; ++q) {
        Lanes re{};
        Lanes im{};
        for (std::size_t j = 0; j < Radix; ++j) {
          const Lanes& a = from.re[q + stride * (p + part * j)];
          const Lanes& b = from.im[q + stride * (p + part * j)];
          for (std::size_t lane = 0; lane < kFftLanes; ++lane) {
            re[lane] += a[lane] * c[j] + b[lane] * s[j];
            im[lane] += b[lane] * c[j] - a[lane] * s[j];
          }
        }
        to.re[q + stride * (Radix * p + k)] = re;
        to.im[q + stride * (Radix * p + k)] = im;
      }
    }
  }
}

void Fft::run(Signal& signal, Signal& scratch) const {
  stage<5>(signal, scratch, 400, 1);
  stage<5>(scratch, signal, 80, 5);
  stage<4>(signal, scratch, 16, 25);
  stage<4>(scratch, signal, 4, 100);
}

}  // namespace asrbench::speech
