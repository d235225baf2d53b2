// One gray pixel: the weights of BT.601 in 15 bits, as OpenCV's BGR2GRAY rounds them.
//
// Included by the files of an instruction set, in an anonymous namespace.

constexpr int kBlue = 3735;
constexpr int kGreen = 19235;
constexpr int kRed = 9798;  // with the two above: 2^15
constexpr int kGrayShift = 15;
constexpr int kGrayHalf = 1 << (kGrayShift - 1);

inline void gray_pixels(const Byte* bgr, Byte* gray, std::size_t from, std::size_t n) {
  for (std::size_t x = from; x < n; ++x) {
    const Byte* p = bgr + kBgr * x;
    const int sum = p[0] * kBlue + p[1] * kGreen + p[2] * kRed + kGrayHalf;
    gray[x] = static_cast<Byte>(sum >> kGrayShift);
  }
}
