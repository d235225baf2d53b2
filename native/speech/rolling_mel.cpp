#include "speech/rolling_mel.hpp"

#include <algorithm>

#include "core/error.hpp"

namespace asrbench::speech {
namespace {

constexpr std::size_t kHalf = 200;  // values of a window before its frame's place, and behind it
constexpr std::size_t kTail = 3;    // frames behind the last one whose windows reach back to it

}  // namespace

void RollingMel::push(std::span<const float> pcm) {
  if (ended_) fail<OptionError>("pcm has ", pcm.size(), " values behind the end; expected none");
  expect_finite(pcm);
  pcm_.insert(pcm_.end(), pcm.begin(), pcm.end());
}

// How many frames there may be of what was heard; the mirror of the first needs value 200.
std::size_t RollingMel::ready() const {
  const std::size_t heard = begins_ + pcm_.size();
  if (ended_) return heard / kHop;
  return heard > kHalf ? (heard - kHalf - 1) / kHop + 1 : 0;
}

void RollingMel::compute(ThreadPool& pool, Cancel& cancel) {
  const std::size_t kept = ready() - next_;
  const std::size_t count = kept + (ended_ && !complete_ ? kTail : 0);
  if (count == 0 || begins_ + pcm_.size() == 0) return;
  // A frame's window begins half of it before its place; only the first two reach over the start.
  const std::size_t lead = begins_ + kHalf - next_ * kHop;
  const Matrix found = transform_.decades(pcm_, lead, count, pool, cancel);
  const std::size_t values = kept * transform_.bins();
  rows_.insert(rows_.end(), found.data(), found.data() + values);
  if (ended_) {
    behind_ = loudest({found.data() + values, (count - kept) * transform_.bins()});
    complete_ = true;
  }
  next_ += kept;
  const std::size_t begins = next_ * kHop > kHalf ? next_ * kHop - kHalf : 0;
  const std::size_t done = std::min(begins - begins_, pcm_.size());
  pcm_.erase(pcm_.begin(), pcm_.begin() + static_cast<std::ptrdiff_t>(done));
  begins_ += done;
}

void RollingMel::forget(std::size_t frames) {
  if (frames > this->frames()) {
    fail<OptionError>("frames is ", frames, "; expected at most the ", this->frames(), " at hand");
  }
  rows_.erase(rows_.begin(),
              rows_.begin() + static_cast<std::ptrdiff_t>(frames * transform_.bins()));
}

Matrix RollingMel::window() const {
  Matrix mel(frames(), transform_.bins());
  std::copy(rows_.begin(), rows_.end(), mel.data());
  floor_and_scale({mel.data(), rows_.size()}, std::max(loudest(rows_), behind_));
  return mel;
}

}  // namespace asrbench::speech
