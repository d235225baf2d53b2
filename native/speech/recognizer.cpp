#include "speech/recognizer.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "core/error.hpp"
#include "speech/decoder.hpp"
#include "speech/encoder.hpp"
#include "speech/search.hpp"
#include "speech/segments.hpp"

namespace asrbench::speech {
namespace {

constexpr double kFramesPerSecond = static_cast<double>(kRateHz) / kHop;

// Adds the seconds of a scope to a stage.
class Timing {
 public:
  explicit Timing(double& stage) : stage_(stage) {}
  ~Timing() { stage_ += std::chrono::duration<double>(Cancel::Clock::now() - start_).count(); }
  Timing(const Timing&) = delete;
  Timing& operator=(const Timing&) = delete;

 private:
  double& stage_;
  Cancel::Clock::time_point start_ = Cancel::Clock::now();
};

// States behind the audio, whole groups: with fewer, words at its end are lost.
constexpr std::size_t kMargin = 62 * kernels::kGroup;

// The states that are computed of a cached window: whole groups.
std::size_t states_of_audio(std::size_t frames) {
  constexpr std::size_t kStep = 2 * kernels::kGroup;  // frames of a group
  return (frames + kStep - 1) / kStep * kernels::kGroup + kMargin;
}

bool blank(const std::string& text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return c == ' ' || (c >= 9 && c <= 13); });
}

}  // namespace

// What a call works with: it belongs to one thread at a time.
struct Recognizer::Window {
  Window(const Weights& weights, ThreadPool& pool)
      : scratch(weights, pool.threads()),
        states(weights.dims.audio_context, weights.dims.state),
        cache(weights),
        decoder(weights, pool) {}

  // Those that are computed of a window with that many frames of audio.
  MatrixView states_for(std::size_t frames, const Model& model) {
    MatrixView view = states.view();
    if (model.padding) view.rows = std::min(view.rows, states_of_audio(frames));
    return view;
  }

  EncoderScratch scratch;
  Matrix states;
  KvCache cache;
  Decoder decoder;
};

Recognizer::Recognizer(std::shared_ptr<const Model> model, std::size_t threads)
    : model_(std::move(model)), pool_(threads) {}

Transcript Recognizer::transcribe(std::span<const float> pcm, const Options& options,
                                  Cancel& cancel) {
  const Weights& weights = model_->weights;
  const Tokenizer& tokenizer = model_->tokenizer;
  const std::vector<int> prompt = tokenizer.prompt(options.language);
  Transcript transcript;
  StageSeconds& stages = transcript.stages;
  Matrix mel;
  {
    const Timing timing(stages.log_mel);
    mel = model_->log_mel(pcm, pool_, cancel);
  }
  if (mel.rows() == 0) return transcript;
  Window window(weights, pool_);
  std::size_t seek = 0;
  double spoken_s = 0;  // the end of the last word, where words are timed
  while (seek < mel.rows()) {
    const std::size_t frames = std::min(2 * weights.dims.audio_context, mel.rows() - seek);
    const MatrixView states = window.states_for(frames, *model_);
    {
      const Timing timing(stages.encoder);
      const ConstView some{mel.row(seek), frames, mel.columns(), mel.columns()};
      if (model_->padding) {
        encode_beginning(weights, some, model_->padding->layers, window.scratch, pool_, cancel,
                         states);
      } else {
        encode(weights, some, window.scratch, pool_, cancel, states);
      }
    }
    {
      const Timing timing(stages.cross_kv);
      attend_to(weights, states, model_->padding ? &model_->padding->cross : nullptr, window.cache,
                pool_, cancel);
    }
    Decoded decoded;
    {
      const Timing timing(stages.search);
      decoded =
          greedy(weights, tokenizer, model_->config, prompt, window.decoder, window.cache, cancel);
    }
    stages.decoder += decoded.decoder_s;
    stages.search -= decoded.decoder_s;
    transcript.tokens.insert(transcript.tokens.end(), decoded.tokens.begin(), decoded.tokens.end());
    if (decoded.no_speech_prob > options.no_speech_prob &&
        decoded.avg_log_prob <= options.avg_log_prob) {
      seek += frames;
      continue;
    }
    ++transcript.windows;
    transcript.avg_log_prob += decoded.avg_log_prob;
    transcript.no_speech_prob += decoded.no_speech_prob;
    Cuts cuts = cut(decoded.tokens, tokenizer.timestamp_begin, seek, frames);
    std::vector<Timed> timed = without_words(cuts.segments);
    if (options.words) {
      const Timing timing(stages.words);
      const WindowOfWords spoken{prompt, options.language, seek, frames, spoken_s};
      time_words(*model_, spoken, cuts.segments, window.cache, pool_, cancel, timed);
      spoken_s = end_of(timed);
      const auto behind = static_cast<std::size_t>(std::round(spoken_s * kFramesPerSecond));
      if (!cuts.finished && behind > seek) cuts.seek = behind;
    }
    seek = cuts.seek;
    for (std::size_t i = 0; i < timed.size(); ++i) {
      std::string text = tokenizer.text(cuts.segments[i].tokens);
      if (blank(text) || timed[i].start_s >= timed[i].end_s) continue;
      transcript.segments.push_back({timed[i].start_s, timed[i].end_s, std::move(text),
                                     std::move(cuts.segments[i].tokens), decoded.avg_log_prob,
                                     decoded.no_speech_prob, std::move(timed[i].words)});
    }
  }
  if (transcript.windows > 0) {
    transcript.avg_log_prob /= static_cast<double>(transcript.windows);
    transcript.no_speech_prob /= static_cast<double>(transcript.windows);
  }
  return transcript;
}

}  // namespace asrbench::speech
