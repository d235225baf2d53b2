// The log-mel spectrogram of audio that is still arriving: every frame is computed once.
//
// Whisper's floor lies 8 decades below the loudest value of a whole file, which a stream has not
// heard yet. Here it lies below the loudest of the frames at hand: so a click an hour ago, long
// forgotten, does not hide what is said now, and a stream that forgot nothing ends with the
// spectrogram of the whole.
#pragma once

#include <cstddef>
#include <limits>
#include <span>

#include "core/cancel.hpp"
#include "core/matrix.hpp"
#include "core/thread_pool.hpp"
#include "speech/log_mel.hpp"

namespace asrbench::speech {

class RollingMel {
 public:
  explicit RollingMel(const LogMel& transform) : transform_(transform) {}

  // Takes the next pcm, mono at 16 kHz, any number of values. Throws AudioError for a value that is
  // not finite, and OptionError behind the end.
  void push(std::span<const float> pcm);

  // No pcm comes any more: silence lies behind it.
  void end() { ended_ = true; }

  // Computes the frames whose windows are all there, or before the end.
  void compute(ThreadPool& pool, Cancel& cancel);

  // Drops the first of the frames. Throws OptionError if there are not so many.
  void forget(std::size_t frames);

  [[nodiscard]] std::size_t frames() const { return rows_.size() / transform_.bins(); }

  // (frames(), bins): the frames at hand, with floor and scale.
  [[nodiscard]] Matrix window() const;

 private:
  [[nodiscard]] std::size_t ready() const;

  const LogMel& transform_;
  Buffer<float> pcm_;       // from where the next frame begins, or the audio does
  std::size_t begins_ = 0;  // place of pcm_[0] in the audio
  std::size_t next_ = 0;    // frame to be computed next
  Buffer<float> rows_;      // (frames, bins) decades of power
  bool ended_ = false;
  bool complete_ = false;                                   // the frames at the end are computed
  float behind_ = -std::numeric_limits<float>::infinity();  // loudest behind the last frame
};

}  // namespace asrbench::speech
