// Cuts a window's tokens into segments at pairs of timestamps, and says where the next one begins.
//
// The rule is that of OpenAI's whisper, whisper/transcribe.py, which every Whisper engine follows.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace asrbench::speech {

struct Cut {
  std::size_t start;  // mel frames from the beginning of the audio
  std::size_t end;
  std::vector<int> tokens;
};

struct Cuts {
  std::vector<Cut> segments;
  std::size_t seek;  // mel frame at which the next window begins
  bool finished;     // it ends in a single timestamp: no sentence goes on behind it
};

// For a window of `frames` mel frames that begins at frame `seek`. A window that ends in the middle
// of a sentence is continued behind the last pair of timestamps, any other behind its last frame.
[[nodiscard]] Cuts cut(std::span<const int> tokens, int timestamp_begin, std::size_t seek,
                       std::size_t frames);

}  // namespace asrbench::speech
