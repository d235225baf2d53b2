// The token that stops long work: a flag, a deadline, and a hook asked on the caller's own thread.
//
// The caller's thread calls poll() at least every 10 ms of work; workers only look at stopped().
// The core knows nothing of Python: the hook is where a binding listens for Ctrl-C.
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <optional>
#include <utility>

#include "core/error.hpp"

namespace asrbench {

class Cancel {
 public:
  using Clock = std::chrono::steady_clock;
  using Hook = std::function<bool()>;  // true: stop

  static constexpr std::chrono::milliseconds kHookEvery{20};

  Cancel() = default;
  explicit Cancel(std::optional<double> deadline_s, Hook hook = nullptr)
      : hook_(std::move(hook)), deadline_s_(deadline_s) {}

  Cancel(const Cancel&) = delete;
  Cancel& operator=(const Cancel&) = delete;

  // Asks the work to stop; any thread may.
  void stop() noexcept { stopped_.store(true, std::memory_order_relaxed); }
  [[nodiscard]] bool stopped() const noexcept { return stopped_.load(std::memory_order_relaxed); }

  // Throws Cancelled or DeadlineError when the work has to stop. The caller's thread only.
  void poll() {
    const auto now = Clock::now();
    if (deadline_s_ && std::chrono::duration<double>(now - start_).count() > *deadline_s_) {
      stop();
      fail<DeadlineError>("the work took longer than its deadline of ", *deadline_s_, " s");
    }
    if (hook_ && now - asked_ >= kHookEvery) {
      asked_ = now;
      if (hook_()) stop();
    }
    if (stopped()) fail<Cancelled>("the caller asked to stop");
  }

 private:
  Hook hook_;
  std::optional<double> deadline_s_;
  Clock::time_point start_ = Clock::now();
  Clock::time_point asked_ = start_;
  std::atomic<bool> stopped_{false};
};

}  // namespace asrbench
