#include "core/thread_pool.hpp"

#include <unistd.h>

namespace asrbench {
namespace {

constexpr std::uint64_t kSealed = ~std::uint64_t{0};  // no epoch that is ever run
constexpr int kSpins = 2000;  // about 50 us: the pause between two products of a decoder step

inline void pause() {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#endif
}

}  // namespace

ThreadPool::ThreadPool(std::size_t threads) : owner_(getpid()) {
  if (threads < 1) fail<OptionError>("threads is ", threads, "; expected at least 1");
  workers_.reserve(threads - 1);
  for (std::size_t worker = 1; worker < threads; ++worker) {
    workers_.emplace_back([this, worker] { work(worker); });
  }
}

ThreadPool::~ThreadPool() {
  if (getpid() != owner_) {  // after fork the threads are not here: nothing to join
    for (auto& worker : workers_) worker.detach();
    return;
  }
  closing_.store(true);
  epoch_.fetch_add(1);
  epoch_.notify_all();
  for (auto& worker : workers_) worker.join();
}

void ThreadPool::run_alone(const Job& job) const {
  for (std::size_t index = 0; index < job.count; ++index) {
    job.cancel->poll();
    job.call(job.context, index, 0);
  }
}

void ThreadPool::run_job(const Job& job) {
  if (workers_.empty() || job.count < 2 || getpid() != owner_ || busy_.exchange(true)) {
    return run_alone(job);
  }
  const std::uint32_t epoch = epoch_.load(std::memory_order_relaxed) + 1;
  // Sealed first: a worker late from the last job that sees a new field cannot claim any more.
  ticket_.store(kSealed, std::memory_order_relaxed);
  call_.store(job.call, std::memory_order_release);
  context_.store(job.context, std::memory_order_release);
  count_.store(job.count, std::memory_order_release);
  cancel_.store(job.cancel, std::memory_order_release);
  done_.store(0, std::memory_order_relaxed);
  ticket_.store(std::uint64_t{epoch} << 32, std::memory_order_release);
  epoch_.store(epoch, std::memory_order_release);
  epoch_.notify_all();

  help(epoch, 0);
  int spins = 0;
  while (done_.load(std::memory_order_acquire) != job.count) {
    if (spins < kSpins) {
      ++spins;
      pause();
    } else {
      std::this_thread::yield();
    }
  }
  const bool failed = failed_.exchange(false, std::memory_order_acquire);
  const std::exception_ptr failure = failed ? std::exchange(failure_, nullptr) : nullptr;
  busy_.store(false, std::memory_order_release);
  if (failure) std::rethrow_exception(failure);
}

// Claims and runs tasks of this epoch until none is left.
void ThreadPool::help(std::uint32_t epoch, std::size_t worker) {
  std::uint64_t ticket = ticket_.load(std::memory_order_acquire);
  while ((ticket >> 32) == epoch) {
    const Job job{call_.load(std::memory_order_acquire), context_.load(std::memory_order_acquire),
                  count_.load(std::memory_order_acquire), cancel_.load(std::memory_order_acquire)};
    const std::size_t index = ticket & 0xffffffffU;
    if (index >= job.count) return;
    if (!ticket_.compare_exchange_weak(ticket, ticket + 1, std::memory_order_acq_rel)) continue;
    run_one(job, index, worker);
    done_.fetch_add(1, std::memory_order_release);
    ticket = ticket_.load(std::memory_order_acquire);
  }
}

// An exception never leaves a thread: the first is kept for the caller, later tasks are passed
// over.
void ThreadPool::run_one(const Job& job, std::size_t index, std::size_t worker) noexcept {
  if (failed_.load(std::memory_order_relaxed)) return;
  try {
    if (worker == 0) job.cancel->poll();
    if (!job.cancel->stopped()) job.call(job.context, index, worker);
  } catch (...) {
    if (!failed_.exchange(true, std::memory_order_acq_rel)) failure_ = std::current_exception();
  }
}

void ThreadPool::work(std::size_t worker) {
  std::uint32_t seen = 0;
  while (true) {
    int spins = 0;
    std::uint32_t epoch = epoch_.load(std::memory_order_acquire);
    while (epoch == seen && ++spins < kSpins) {
      pause();
      epoch = epoch_.load(std::memory_order_acquire);
    }
    if (epoch == seen) {
      epoch_.wait(seen, std::memory_order_acquire);
      continue;
    }
    if (closing_.load()) return;
    seen = epoch;
    help(epoch, worker);
  }
}

}  // namespace asrbench
