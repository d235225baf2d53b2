// The keys and values that a decoder has made: of the audio once a window, of the texts as they
// grow.
//
// Several texts may grow side by side over one audio, each in a lane. Nothing is copied where one
// text becomes two: a lane knows in whose rows its places lie, and a row is written once.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/matrix.hpp"
#include "speech/attention.hpp"
#include "speech/weights.hpp"

namespace asrbench::speech {

class KvCache {
 public:
  explicit KvCache(const Weights& weights, std::size_t lanes = 1);

  struct Layer {
    Matrix self_key;    // (lanes text_context, state), lane after lane
    Matrix self_value;  // likewise
    KeyValues cross;    // of the audio's states
  };

  // Neighbouring rows that hold the places from `first` on.
  struct Run {
    std::size_t first;
    std::size_t row;
    std::size_t count;
  };

  std::vector<Layer> layers;
  std::size_t length = 0;  // tokens of each lane whose self keys and values are here

  [[nodiscard]] std::size_t lanes() const { return lanes_; }

  // Lane i goes on from the text of lane parents[i].
  void follow(std::span<const std::size_t> parents);

  // The row that the next tokens' keys and values at that place are to be written to.
  std::size_t claim(std::size_t lane, std::size_t place);

  // The rows of a lane's first `count` places, in their order.
  void runs(std::size_t lane, std::size_t count, std::vector<Run>& into) const;

 private:
  std::size_t lanes_;
  std::size_t places_;                 // of a lane
  std::vector<std::uint16_t> owners_;  // (lanes, places): the lane in whose rows a place lies
  std::vector<std::uint16_t> before_;  // as they were, while they change
};

}  // namespace asrbench::speech
