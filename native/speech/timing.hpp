// Words with their times: a window's text aligned with its audio.
//
// The corrections are those of OpenAI's whisper, whisper/timing.py, add_word_timestamps, as
// faster-whisper makes them: alignment stretches words over the pauses at the ends of sentences.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/cancel.hpp"
#include "core/thread_pool.hpp"
#include "speech/decoder.hpp"
#include "speech/kv_cache.hpp"
#include "speech/model.hpp"
#include "speech/segments.hpp"

namespace asrbench::speech {

struct Word {
  double start_s;
  double end_s;
  std::string text;    // bytes of UTF-8 with the space before it and the marks that belong to it
  double probability;  // mean of its tokens', punctuation left out
};

// A segment of a window with its words, which may have moved its times.
struct Timed {
  double start_s;
  double end_s;
  std::vector<Word> words;
};

// What is known of a window before its words.
struct WindowOfWords {
  std::span<const int> prompt;  // <|startoftranscript|>, and of a multilingual model what follows
  std::string_view language;
  std::size_t seek;    // mel frame at which it begins
  std::size_t frames;  // mel frames of audio in it
  double spoken_s;     // the end of what was said before it
};

// The segments as their timestamps have them.
[[nodiscard]] std::vector<Timed> without_words(std::span<const Cut> segments);

// Gives each of the segments its words, and their times to it. `cache` attends to the window; its
// text is forgotten. Throws as force().
void time_words(const Model& model, const WindowOfWords& window, std::span<const Cut> segments,
                Decoder& decoder, KvCache& cache, ThreadPool& pool, Cancel& cancel,
                std::vector<Timed>& timed);

// The end of the last word, or of the last segment where there is no word; one segment or more.
[[nodiscard]] double end_of(const std::vector<Timed>& timed);

}  // namespace asrbench::speech
