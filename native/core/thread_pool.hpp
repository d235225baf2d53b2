// Shares tasks between the caller and a few threads that wait for more.
//
// Tasks are claimed one at a time, so that the caller takes over what a descheduled thread has not
// begun. Which thread runs a task never changes its result. A pool that is busy with another
// caller's work, or that was copied into a child by fork, runs the tasks on the caller alone.
#pragma once

#include <sys/types.h>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <thread>
#include <vector>

#include "core/cancel.hpp"

namespace asrbench {

class ThreadPool {
 public:
  explicit ThreadPool(std::size_t threads);  // counts the caller: 1 starts no thread
  ~ThreadPool();
  ThreadPool(const ThreadPool&) = delete;
  ThreadPool& operator=(const ThreadPool&) = delete;

  [[nodiscard]] std::size_t threads() const { return workers_.size() + 1; }

  // Calls task(index, worker) once for each index in [0, count); worker is in [0, threads()) and
  // no two tasks run at once with the same one: it names a place for scratch memory.
  // The first exception of a task is thrown again here, after all that began have ended.
  template <class Task>
  void run(std::size_t count, Cancel& cancel, const Task& task) {
    const auto call = [](const void* context, std::size_t index, std::size_t worker) {
      (*static_cast<const Task*>(context))(index, worker);
    };
    run_job({call, &task, count, &cancel});
  }

 private:
  struct Job {
    void (*call)(const void*, std::size_t, std::size_t);
    const void* context;
    std::size_t count;
    Cancel* cancel;
  };

  void run_job(const Job& job);
  void run_alone(const Job& job) const;
  void work(std::size_t worker);
  void help(std::uint32_t epoch, std::size_t worker);
  void run_one(const Job& job, std::size_t index, std::size_t worker) noexcept;

  // (epoch << 32 | next index): a claim by compare-and-swap succeeds only while its job is alive.
  std::atomic<std::uint64_t> ticket_{0};
  std::atomic<std::uint32_t> epoch_{0};  // what idle workers sleep on
  std::atomic<std::size_t> done_{0};
  std::atomic<decltype(Job::call)> call_{nullptr};
  std::atomic<const void*> context_{nullptr};
  std::atomic<std::size_t> count_{0};
  std::atomic<Cancel*> cancel_{nullptr};
  std::atomic<bool> failed_{false};
  std::exception_ptr failure_;  // written once, by whoever set failed_
  std::atomic<bool> busy_{false};
  std::atomic<bool> closing_{false};
  pid_t owner_;
  std::vector<std::thread> workers_;
};

}  // namespace asrbench
