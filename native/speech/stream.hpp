// Audio that is still arriving, and what is said in as much of it as is at hand.
//
// Nothing here decides what is committed: that is for the session, in asrbench/speech/streaming.
#pragma once

#include <cstddef>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "core/cancel.hpp"
#include "core/thread_pool.hpp"
#include "speech/continuation.hpp"
#include "speech/model.hpp"
#include "speech/rolling_mel.hpp"

namespace asrbench::speech {

// What is asked of a pass.
struct Asked {
  std::span<const int> standing;  // tokens that are not asked again
  std::size_t most;               // tokens behind them
  std::size_t margin;  // states behind the audio that are computed; the rest is silence's
};

// What the streams of a model share: its weights, a window without audio, threads, and rooms to
// decode in, one for each decoding that goes on at a time. Any thread may use it.
class Streams {
 public:
  // Throws ModelError for a language that the model has not.
  Streams(std::shared_ptr<const Model> model, std::size_t threads, const std::string& language);
  ~Streams();
  Streams(const Streams&) = delete;
  Streams& operator=(const Streams&) = delete;

  [[nodiscard]] const Model& model() const { return *model_; }

  // What is said in the frames of a window.
  [[nodiscard]] Continued decode(ConstView log_mel, const Asked& asked, Cancel& cancel);

  [[nodiscard]] ThreadPool& pool() { return pool_; }

 private:
  struct Room;  // what a decoding writes to: scratch, states, KV cache
  class Lent;

  [[nodiscard]] const Padding& padding() const { return own_ ? *own_ : *model_->padding; }

  std::shared_ptr<const Model> model_;
  ThreadPool pool_;
  std::vector<int> prompt_;
  std::optional<Padding> own_;  // where the model has none
  std::mutex mutex_;
  std::vector<std::unique_ptr<Room>> free_;
  std::size_t rooms_ = 0;  // free or lent
};

// One stream; it belongs to one thread at a time.
class Stream {
 public:
  explicit Stream(std::shared_ptr<Streams> streams)
      : streams_(std::move(streams)), mel_(streams_->model().log_mel) {}

  // Copies the next pcm, mono at 16 kHz. Throws AudioError for a value that is not finite,
  // OptionError behind the end.
  void push(std::span<const float> pcm) { mel_.push(pcm); }

  void end() { mel_.end(); }

  // Computes the mel frames that are there, and returns how many are at hand.
  [[nodiscard]] std::size_t frames(Cancel& cancel);

  // Drops the first of the mel frames at hand. Throws OptionError if there are not so many.
  void forget(std::size_t frames, Cancel& cancel);

  // (frames, bins): the mel frames at hand.
  [[nodiscard]] Matrix log_mel(Cancel& cancel);

  // What is said in the mel frames at hand. Throws OptionError where they are more than a window,
  // and as continue_text().
  [[nodiscard]] Continued decode(const Asked& asked, Cancel& cancel);

 private:
  std::shared_ptr<Streams> streams_;
  RollingMel mel_;
};

}  // namespace asrbench::speech
