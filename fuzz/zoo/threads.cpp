// Bugs of threads: a sum that two write without a lock, and two locks taken in either order.
#include <mutex>
#include <thread>

#include "zoo.hpp"

namespace zoo {
namespace {

// Runs both at once and waits for them.
template <class First, class Second>
void together(const First& first, const Second& second) {
  std::thread other(first);
  second();
  other.join();
}

}  // namespace

long data_race(Bytes data, bool armed) {
  long total = 0;
  std::mutex guard;
  const auto add = [&](Bytes part) {
    if (armed) {
      for (const unsigned char byte : part) total = opaque(total) + byte;
    } else {
      const std::lock_guard lock(guard);
      total += sum_of(part);
    }
  };
  const Bytes left = data.first(data.size() / 2);
  const Bytes right = data.subspan(data.size() / 2);
  together([&] { add(left); }, [&] { add(right); });
  return total;
}

long deadlock_by_lock_order(Bytes data, bool armed) {
  long total = 0;
  std::mutex first;
  std::mutex second;
  const auto add = [&](Bytes part, std::mutex& outer, std::mutex& inner) {
    const std::lock_guard lock_outer(outer);
    const std::lock_guard lock_inner(inner);
    total += sum_of(part);
  };
  const Bytes left = data.first(data.size() / 2);
  const Bytes right = data.subspan(data.size() / 2);
  together([&] { add(left, first, second); },
           [&] { armed ? add(right, second, first) : add(right, first, second); });
  return total;
}

}  // namespace zoo
