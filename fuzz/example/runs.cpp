// Run-length decoding with a planted bug: behind the mark "RLE1" a count of 255 writes one byte
// more.
#include <pybind11/pybind11.h>

#include <cstddef>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>

namespace {

std::string decode(std::string_view packed) {
  if (packed.substr(0, 4) != "RLE1") throw std::invalid_argument("expected RLE1 in front");
  packed.remove_prefix(4);
  std::size_t size = 0;
  for (std::size_t i = 0; i + 1 < packed.size(); i += 2) {
    size += static_cast<unsigned char>(packed[i]);
  }
  const auto unpacked = std::make_unique<char[]>(size);
  std::size_t at = 0;
  for (std::size_t i = 0; i + 1 < packed.size(); i += 2) {
    const auto count = static_cast<unsigned char>(packed[i]);
    for (int n = 0; n < count + (count == 255); ++n) unpacked[at++] = packed[i + 1];
  }
  return {unpacked.get(), size};
}

}  // namespace

PYBIND11_MODULE(runs, module) {
  module.def("decode", [](const pybind11::bytes& packed) {
    return pybind11::bytes(decode(std::string_view(packed)));
  });
}
