// Reads the audio that replay is given: WAV or bare 16-bit pcm, mono at 16 kHz.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace asrbench::replay {

// RIFF WAVE of 16-bit integers or 32-bit floats; one channel, 16 kHz.
// Throws AudioError, which says what was found and expected.
[[nodiscard]] std::vector<float> parse_wav(std::span<const std::byte> bytes);

// Little-endian 16-bit values, scaled to -1 to 1. Throws AudioError for an odd number of bytes.
[[nodiscard]] std::vector<float> parse_pcm(std::span<const std::byte> bytes);

// By the file's name: .wav, anything else as bare pcm.
[[nodiscard]] std::vector<float> read_audio(const std::string& path);

}  // namespace asrbench::replay
