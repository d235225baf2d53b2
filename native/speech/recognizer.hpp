// The whole line: pcm -> log_mel -> encoder states -> tokens -> text, window after window.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/cancel.hpp"
#include "core/thread_pool.hpp"
#include "speech/model.hpp"
#include "speech/options.hpp"

namespace asrbench::speech {

struct Segment {
  double start_s;
  double end_s;
  std::string text;  // bytes of UTF-8; a character may be cut
  std::vector<int> tokens;
  double avg_log_prob;
  double no_speech_prob;
  double temperature;
  std::optional<double> compression_ratio;  // of the window it came from, where it was asked for
};

struct StageSeconds {
  double log_mel = 0;
  double encoder = 0;
  double cross_kv = 0;
  double decoder = 0;
  double search = 0;
};

struct Transcript {
  std::vector<int> tokens;  // of all windows, timestamps included
  std::vector<Segment> segments;
  std::size_t windows = 0;            // that were kept
  double avg_log_prob = 0;            // mean over them
  double no_speech_prob = 0;          // mean over them
  std::string language;               // empty where there was no audio to hear it in
  double language_probability = 1.0;  // 1 where it was given
  StageSeconds stages;
};

// Transcribes; may be called from several threads at once. `threads` counts the caller's.
class Recognizer {
 public:
  Recognizer(std::shared_ptr<const Model> model, std::size_t threads);

  // Mono pcm at 16 kHz of any length. Less than a mel frame (160 values) of audio has no text.
  // Throws OptionError for options that have no meaning, ModelError for a language that the model
  // has not, AudioError for pcm that is empty or not finite, EngineError if the model's numbers
  // overflow, DeadlineError or Cancelled when it is stopped.
  [[nodiscard]] Transcript transcribe(std::span<const float> pcm, const Options& options,
                                      Cancel& cancel);

  [[nodiscard]] const Model& model() const { return *model_; }
  [[nodiscard]] std::size_t threads() const { return pool_.threads(); }

 private:
  struct Window;

  void hear(ConstView frames, Window& window, StageSeconds& stages, Cancel& cancel);

  std::shared_ptr<const Model> model_;
  ThreadPool pool_;
};

}  // namespace asrbench::speech
