#include "speech/prepared.hpp"

#include <array>
#include <cstddef>
#include <cstring>
#include <fstream>
#include <memory>
#include <utility>

#include "core/error.hpp"
#include "speech/log_mel.hpp"

namespace asrbench::speech {
namespace {

struct Header {
  char magic[16];
  char isa[16];
  std::uint64_t version;
  std::uint64_t precision;
  std::uint64_t panel;
  std::uint64_t dims[8];
  std::uint64_t checksum;
};
static_assert(sizeof(Header) == 2 * kAlignment);

// FNV-1a of 64 bits (http://www.isthe.com/chongo/tech/comp/fnv/) of all that is before it.
std::uint64_t checksum_of(const Header& header) {
  const auto bytes = std::as_bytes(std::span(&header, 1)).first(offsetof(Header, checksum));
  std::uint64_t hash = 0xcbf29ce484222325U;
  for (const std::byte byte : bytes) {
    hash = (hash ^ static_cast<std::uint64_t>(byte)) * 0x100000001b3U;
  }
  return hash;
}

Header header_of(const Weights& weights) {
  Header header{};
  std::strncpy(header.magic, "asrbench weights", sizeof header.magic);
  std::strncpy(header.isa, weights.kernels->isa, sizeof header.isa - 1);
  header.version = kPreparedVersion;
  header.precision = static_cast<std::uint64_t>(weights.precision);
  header.panel = weights.kernels->panel;
  const Dims& dims = weights.dims;
  const std::array<std::uint64_t, 8> sizes{
      dims.bins,           dims.audio_context,  dims.state,      dims.heads,
      dims.encoder_layers, dims.decoder_layers, dims.vocabulary, dims.text_context};
  std::memcpy(header.dims, sizes.data(), sizeof header.dims);
  header.checksum = checksum_of(header);
  return header;
}

// Each size must be one that load_weights accepts, and no product of two may overflow.
Dims dims_of(const Header& header) {
  if (header.checksum != checksum_of(header)) {
    fail<ModelError>("the header of prepared weights has the checksum ", header.checksum,
                     "; expected ", checksum_of(header));
  }
  constexpr std::uint64_t kMost = 1U << 24U;
  for (const std::uint64_t size : header.dims) {
    if (size < 1 || size > kMost) {
      fail<ModelError>("prepared weights have a size of ", size, "; expected 1 to ", kMost);
    }
  }
  const Dims dims{header.dims[0], header.dims[1], header.dims[2], header.dims[3],
                  header.dims[4], header.dims[5], header.dims[6], header.dims[7]};
  if (dims.bins > kMaxBins || dims.state % dims.heads != 0) {
    fail<ModelError>("prepared weights have ", dims.bins, " bins and ", dims.heads,
                     " heads; expected at most ", kMaxBins, " and a divisor of ", dims.state);
  }
  return dims;
}

// The sizes of a file whose header is that of these kernels and this precision.
Dims dims_in(std::span<const std::byte> file, const kernels::Kernels& kernels,
             kernels::Precision precision) {
  if (precision == kernels::Precision::kFloat32) {
    fail<ModelError>("prepared weights are of int16 or int8; expected no float32");
  }
  Header found;
  if (file.size() < sizeof found) {
    fail<ModelError>("a file of ", file.size(), " bytes; expected prepared weights");
  }
  std::memcpy(&found, file.data(), sizeof found);
  Weights expected{};
  expected.kernels = &kernels;
  expected.precision = precision;
  expected.dims = dims_of(found);
  const Header header = header_of(expected);
  if (std::memcmp(&found, &header, sizeof found) != 0) {
    fail<ModelError>("weights were prepared by another version or for another way to compute");
  }
  return expected.dims;
}

}  // namespace

void write_prepared(const std::string& path, const Weights& weights) {
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  const Header header = header_of(weights);
  const auto write = [&](std::span<const std::byte> bytes) {
    file.write(reinterpret_cast<const char*>(bytes.data()),
               static_cast<std::streamsize>(bytes.size()));
  };
  write(std::as_bytes(std::span(&header, 1)));
  weights.store.save(write);
  file.close();
  if (!file) fail<Error>(path, ": cannot be written");
}

void seal_prepared(std::span<std::byte> file) {
  Header header;
  if (file.size() < sizeof header) return;
  std::memcpy(&header, file.data(), sizeof header);
  header.checksum = checksum_of(header);
  std::memcpy(file.data(), &header, sizeof header);
}

Weights read_prepared(std::span<const std::byte> bytes, const kernels::Kernels& kernels,
                      kernels::Precision precision) {
  return map_weights(Store(bytes, sizeof(Header)), dims_in(bytes, kernels, precision), kernels,
                     precision);
}

Weights read_prepared(const std::string& path, const kernels::Kernels& kernels,
                      kernels::Precision precision) {
  auto file = std::make_unique<const MappedFile>(path);
  const Dims dims = dims_in(file->bytes(), kernels, precision);
  return map_weights(Store(std::move(file), sizeof(Header)), dims, kernels, precision);
}

}  // namespace asrbench::speech
