#include "speech/segments.hpp"

#include <algorithm>

namespace asrbench::speech {

Cuts cut(std::span<const int> tokens, int timestamp_begin, std::size_t seek, std::size_t frames) {
  constexpr std::size_t kFrames = 2;  // mel frames of a timestamp's step: 20 ms
  const auto is_time = [&](int token) { return token >= timestamp_begin; };
  const auto frame_of = [&](int token) {
    return seek + kFrames * static_cast<std::size_t>(std::max(0, token - timestamp_begin));
  };
  std::vector<std::size_t> ends;  // behind the first timestamp of each pair
  for (std::size_t i = 1; i < tokens.size(); ++i) {
    if (is_time(tokens[i - 1]) && is_time(tokens[i])) ends.push_back(i);
  }
  const std::size_t count = tokens.size();
  const bool one_at_end = count >= 2 && !is_time(tokens[count - 2]) && is_time(tokens[count - 1]);

  Cuts cuts{{}, seek + frames, one_at_end};
  if (ends.empty()) {
    const auto last = std::find_if(tokens.rbegin(), tokens.rend(), is_time);
    const bool timed = last != tokens.rend() && *last != timestamp_begin;
    cuts.segments.push_back(
        {seek, timed ? frame_of(*last) : seek + frames, {tokens.begin(), tokens.end()}});
    return cuts;
  }
  if (one_at_end) {
    ends.push_back(count);
  } else {
    const std::size_t next = frame_of(tokens[ends.back() - 1]);
    if (next > seek) cuts.seek = next;  // a pair at 0.00 s must not hold the window where it is
  }
  std::size_t first = 0;
  for (const std::size_t end : ends) {
    const auto part = tokens.subspan(first, end - first);
    cuts.segments.push_back(
        {frame_of(part.front()), frame_of(part.back()), {part.begin(), part.end()}});
    first = end;
  }
  return cuts;
}

}  // namespace asrbench::speech
