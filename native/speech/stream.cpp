#include "speech/stream.hpp"

#include <algorithm>
#include <utility>

#include "core/error.hpp"
#include "speech/decoder.hpp"
#include "speech/encoder.hpp"

namespace asrbench::speech {
namespace {

constexpr std::size_t kMaxInitialTimestamp = 50;  // steps of 20 ms: a window begins within 1 s

// A window without audio, for a model that keeps none.
Padding silence(const Weights& weights, ThreadPool& pool) {
  Padding padding;
  Cancel cancel;
  EncoderScratch scratch(weights, pool.threads());
  Matrix states(weights.dims.audio_context, weights.dims.state);
  KvCache cache(weights);
  padding.layers = encode_padding(weights, scratch, pool, cancel, states.view());
  attend_to(weights, states.view(), nullptr, cache, pool, cancel);
  for (KvCache::Layer& layer : cache.layers) padding.cross.push_back(std::move(layer.cross));
  return padding;
}

// The states that are computed: whole groups, or the whole window.
std::size_t states_of(std::size_t frames, std::size_t margin, const Dims& dims) {
  constexpr std::size_t kGroup = kernels::kGroup;
  const std::size_t wanted = (frames + 1) / 2 + std::min(margin, dims.audio_context);
  return std::min((wanted + kGroup - 1) / kGroup * kGroup, dims.audio_context);
}

// Takes the tap away again: it is gone before the decoder is.
class Listening {
 public:
  Listening(Decoder& decoder, AttentionTap& tap) : decoder_(decoder) { decoder_.listen(&tap); }
  ~Listening() { decoder_.listen(nullptr); }
  Listening(const Listening&) = delete;
  Listening& operator=(const Listening&) = delete;

 private:
  Decoder& decoder_;
};

}  // namespace

struct Streams::Room {
  Room(const Weights& weights, ThreadPool& pool)
      : scratch(weights, pool.threads()),
        states(weights.dims.audio_context, weights.dims.state),
        cache(weights),
        decoder(weights, pool) {}

  EncoderScratch scratch;
  Matrix states;
  KvCache cache;
  Decoder decoder;
};

// A room as long as it is needed; it is given back even where the work is stopped.
class Streams::Lent {
 public:
  explicit Lent(Streams& streams) : streams_(streams) {
    {
      const std::lock_guard lock(streams_.mutex_);
      if (!streams_.free_.empty()) {
        room_ = std::move(streams_.free_.back());
        streams_.free_.pop_back();
      } else {
        streams_.free_.reserve(++streams_.rooms_);  // so that giving back cannot fail
      }
    }
    if (!room_) room_ = std::make_unique<Room>(streams_.model_->weights, streams_.pool_);
  }
  ~Lent() {
    const std::lock_guard lock(streams_.mutex_);
    streams_.free_.push_back(std::move(room_));
  }
  Lent(const Lent&) = delete;
  Lent& operator=(const Lent&) = delete;

  Room* operator->() const { return room_.get(); }

 private:
  Streams& streams_;
  std::unique_ptr<Room> room_;
};

Streams::Streams(std::shared_ptr<const Model> model, std::size_t threads,
                 const std::string& language)
    : model_(std::move(model)), pool_(threads), prompt_(model_->tokenizer.prompt(language)) {
  if (!model_->padding) own_ = silence(model_->weights, pool_);
}

Streams::~Streams() = default;

Continued Streams::decode(ConstView log_mel, const Asked& asked, Cancel& cancel) {
  const Weights& weights = model_->weights;
  const Lent room(*this);
  MatrixView states = room->states.view();
  states.rows = states_of(log_mel.rows, asked.margin, weights.dims);
  encode_beginning(weights, log_mel, padding().layers, room->scratch, pool_, cancel, states);
  attend_to(weights, states, &padding().cross, room->cache, pool_, cancel);
  AttentionTap tap(model_->config.alignment_heads, std::max<std::size_t>(1, log_mel.rows / 2),
                   kTokensAtOnce);
  const Listening listening(room->decoder, tap);
  Search search{weights,       model_->tokenizer, model_->config, kMaxInitialTimestamp,
                room->decoder, room->cache,       pool_,          cancel};
  return continue_text(search, prompt_, asked.standing, asked.most);
}

std::size_t Stream::frames(Cancel& cancel) {
  mel_.compute(streams_->pool(), cancel);
  return mel_.frames();
}

void Stream::forget(std::size_t frames, Cancel& cancel) {
  mel_.compute(streams_->pool(), cancel);
  mel_.forget(frames);
}

Matrix Stream::log_mel(Cancel& cancel) {
  mel_.compute(streams_->pool(), cancel);
  return mel_.window();
}

Continued Stream::decode(const Asked& asked, Cancel& cancel) {
  const std::size_t at_hand = frames(cancel);
  const std::size_t window = 2 * streams_->model().weights.dims.audio_context;
  if (at_hand > window) {
    fail<OptionError>("the stream holds ", at_hand, " mel frames; expected at most a window, ",
                      window, ": forget the first ones");
  }
  if (at_hand == 0) return {};
  const Matrix mel = mel_.window();
  return streams_->decode(mel.view(), asked, cancel);
}

}  // namespace asrbench::speech
