// The whole line: pcm -> log_mel -> encoder states -> tokens -> text, window after window.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "core/cancel.hpp"
#include "core/thread_pool.hpp"
#include "speech/model.hpp"
#include "speech/timing.hpp"

namespace asrbench::speech {

struct Options {
  std::string language = "en";  // matters to multilingual models
  // A window is skipped as silent if its no-speech probability is above the first and its average
  // log-probability not above the second.
  double no_speech_prob = 0.6;
  double avg_log_prob = -1.0;
  // Words are timed, at the cost of reading the text again. Segments then begin and end with them,
  // and a window that ends in the middle of a sentence is continued behind its last word.
  bool words = false;
};

struct Segment {
  double start_s;
  double end_s;
  std::string text;  // bytes of UTF-8; a character may be cut
  std::vector<int> tokens;
  double avg_log_prob;
  double no_speech_prob;
  std::vector<Word> words;  // none unless they were asked for
};

struct StageSeconds {
  double log_mel = 0;
  double encoder = 0;
  double cross_kv = 0;
  double decoder = 0;
  double search = 0;
  double words = 0;
};

struct Transcript {
  std::vector<int> tokens;  // of all windows, timestamps included
  std::vector<Segment> segments;
  std::size_t windows = 0;    // that were kept
  double avg_log_prob = 0;    // mean over them
  double no_speech_prob = 0;  // mean over them
  StageSeconds stages;
};

// Transcribes; may be called from several threads at once. `threads` counts the caller's.
class Recognizer {
 public:
  Recognizer(std::shared_ptr<const Model> model, std::size_t threads);

  // Mono pcm at 16 kHz of any length. Less than a mel frame (160 values) of audio has no text.
  // Throws AudioError for pcm that is empty or not finite, EngineError if the model's numbers
  // overflow, DeadlineError or Cancelled when it is stopped.
  [[nodiscard]] Transcript transcribe(std::span<const float> pcm, const Options& options,
                                      Cancel& cancel);

  [[nodiscard]] const Model& model() const { return *model_; }
  [[nodiscard]] std::size_t threads() const { return pool_.threads(); }

 private:
  struct Window;

  std::shared_ptr<const Model> model_;
  ThreadPool pool_;
};

}  // namespace asrbench::speech
