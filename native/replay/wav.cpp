#include "replay/wav.hpp"

#include <cstdint>
#include <cstring>
#include <string_view>

#include "core/error.hpp"
#include "core/mapped_file.hpp"

namespace asrbench::replay {
namespace {

constexpr std::uint32_t kRateHz = 16000;
constexpr std::uint16_t kInteger = 1;  // WAVE_FORMAT_PCM
constexpr std::uint16_t kFloat = 3;    // WAVE_FORMAT_IEEE_FLOAT

template <class Number>
Number number_at(std::span<const std::byte> bytes, std::size_t at) {
  if (at + sizeof(Number) > bytes.size()) {
    fail<AudioError>("wav: offset ", at, ": expected ", sizeof(Number), " bytes, but the file has ",
                     bytes.size());
  }
  Number value;
  std::memcpy(&value, bytes.data() + at, sizeof value);
  return value;
}

std::string_view tag_at(std::span<const std::byte> bytes, std::size_t at) {
  (void)number_at<std::uint32_t>(bytes, at);
  return {reinterpret_cast<const char*>(bytes.data()) + at, 4};
}

template <class Number>
void expect(const char* what, Number found, Number expected) {
  if (found != expected) fail<AudioError>("wav: ", what, " is ", found, "; expected ", expected);
}

}  // namespace

std::vector<float> parse_pcm(std::span<const std::byte> bytes) {
  if (bytes.size() % 2 != 0) {
    fail<AudioError>("pcm has ", bytes.size(), " bytes; expected an even number");
  }
  std::vector<float> pcm(bytes.size() / 2);
  for (std::size_t i = 0; i < pcm.size(); ++i) {
    pcm[i] = static_cast<float>(number_at<std::int16_t>(bytes, 2 * i)) / 32768.0F;
  }
  return pcm;
}

std::vector<float> parse_wav(std::span<const std::byte> bytes) {
  expect("first tag", tag_at(bytes, 0), std::string_view("RIFF"));
  expect("form", tag_at(bytes, 8), std::string_view("WAVE"));
  std::uint16_t format = 0;
  for (std::size_t at = 12;;) {
    const std::string_view tag = tag_at(bytes, at);
    const std::size_t size = number_at<std::uint32_t>(bytes, at + 4);
    const std::size_t start = at + 8;
    if (tag == "fmt ") {
      format = number_at<std::uint16_t>(bytes, start);
      expect("number of channels", number_at<std::uint16_t>(bytes, start + 2), std::uint16_t{1});
      expect("rate", number_at<std::uint32_t>(bytes, start + 4), kRateHz);
      const auto bits = number_at<std::uint16_t>(bytes, start + 14);
      if (!(format == kInteger && bits == 16) && !(format == kFloat && bits == 32)) {
        fail<AudioError>("wav: format is ", format, " with ", bits,
                         " bits; expected 16-bit integers or 32-bit floats");
      }
    } else if (tag == "data") {
      if (format == 0) fail<AudioError>("wav: offset ", at, ": expected fmt before data");
      if (size > bytes.size() - start) {
        fail<AudioError>("wav: data has ", size, " bytes; the file has ", bytes.size() - start);
      }
      const auto data = bytes.subspan(start, size);
      if (format == kInteger) return parse_pcm(data);
      std::vector<float> pcm(size / sizeof(float));
      if (!pcm.empty()) std::memcpy(pcm.data(), data.data(), pcm.size() * sizeof(float));
      return pcm;
    }
    at = start + size + size % 2;
  }
}

std::vector<float> read_audio(const std::string& path) {
  const MappedFile file(path);
  return path.ends_with(".wav") ? parse_wav(file.bytes()) : parse_pcm(file.bytes());
}

}  // namespace asrbench::replay
