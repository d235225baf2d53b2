#include "speech/kv_cache.hpp"

#include <algorithm>

namespace asrbench::speech {

KvCache::KvCache(const Weights& weights, std::size_t lanes)
    : lanes_(lanes), places_(weights.dims.text_context), owners_(lanes * places_) {
  const Dims& dims = weights.dims;
  for (std::size_t i = 0; i < dims.decoder_layers; ++i) {
    layers.push_back({Matrix(lanes * places_, dims.state), Matrix(lanes * places_, dims.state),
                      KeyValues(*weights.kernels, dims.heads, dims.state / dims.heads,
                                dims.audio_context, weights.decoder_precision())});
  }
}

// A row is only written at a place that no lane has yet, so whoever shares the rows before keeps
// them, even where their lane has gone on from another text.
void KvCache::follow(std::span<const std::size_t> parents) {
  before_ = owners_;
  for (std::size_t lane = 0; lane < parents.size(); ++lane) {
    std::copy_n(before_.begin() + static_cast<std::ptrdiff_t>(parents[lane] * places_), length,
                owners_.begin() + static_cast<std::ptrdiff_t>(lane * places_));
  }
}

std::size_t KvCache::claim(std::size_t lane, std::size_t place) {
  owners_[lane * places_ + place] = static_cast<std::uint16_t>(lane);
  return lane * places_ + place;
}

void KvCache::runs(std::size_t lane, std::size_t count, std::vector<Run>& into) const {
  into.clear();
  const std::uint16_t* const owners = owners_.data() + lane * places_;
  for (std::size_t place = 0; place < count; ++place) {
    if (place > 0 && owners[place] == owners[place - 1]) {
      ++into.back().count;
    } else {
      into.push_back({place, owners[place] * places_ + place, 1});
    }
  }
}

}  // namespace asrbench::speech
