#include "speech/recognizer.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "core/error.hpp"
#include "speech/decoder.hpp"
#include "speech/encoder.hpp"
#include "speech/fallback.hpp"
#include "speech/language.hpp"
#include "speech/prompt.hpp"
#include "speech/search.hpp"
#include "speech/segments.hpp"

namespace asrbench::speech {
namespace {

constexpr double kFramesPerSecond = static_cast<double>(kRateHz) / kHop;
constexpr double kTimestampS = 0.02;  // a step of timestamps

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
  Window(const Weights& weights, ThreadPool& pool, std::size_t lanes)
      : scratch(weights, pool.threads()),
        states(weights.dims.audio_context, weights.dims.state),
        cache(weights, lanes),
        decoder(weights, pool, lanes) {}

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

// Encodes the frames, and makes the cache attend to them.
void Recognizer::hear(ConstView frames, Window& window, StageSeconds& stages, Cancel& cancel) {
  const Weights& weights = model_->weights;
  const MatrixView states = window.states_for(frames.rows, *model_);
  {
    const Timing timing(stages.encoder);
    if (model_->padding) {
      encode_beginning(weights, frames, model_->padding->layers, window.scratch, pool_, cancel,
                       states);
    } else {
      encode(weights, frames, window.scratch, pool_, cancel, states);
    }
  }
  const Timing timing(stages.cross_kv);
  attend_to(weights, states, model_->padding ? &model_->padding->cross : nullptr, window.cache,
            pool_, cancel);
}

Transcript Recognizer::transcribe(std::span<const float> pcm, const Options& options,
                                  Cancel& cancel) {
  const Weights& weights = model_->weights;
  const Tokenizer& tokenizer = model_->tokenizer;
  check(options, tokenizer.eot);
  // Refused before any work: a language that the model has not.
  const bool detects = !options.language && tokenizer.multilingual();
  const std::string language = options.language.value_or("en");
  std::vector<int> task;
  if (!detects) task = tokenizer.prompt(language, options.translate);
  Transcript transcript;
  StageSeconds& stages = transcript.stages;
  Matrix mel;
  {
    const Timing timing(stages.log_mel);
    mel = model_->log_mel(pcm, pool_, cancel);
  }
  if (mel.rows() == 0) return transcript;
  transcript.language = language;
  Window window(weights, pool_, lanes(options));
  Search search{
      weights,
      tokenizer,
      model_->config,
      static_cast<std::size_t>(std::lround(options.max_initial_timestamp_s / kTimestampS)),
      window.decoder,
      window.cache,
      pool_,
      cancel};
  std::vector<int> previous = options.prompt;
  std::size_t seek = 0;
  while (seek < mel.rows()) {
    const std::size_t frames = std::min(2 * weights.dims.audio_context, mel.rows() - seek);
    hear({mel.row(seek), frames, mel.columns(), mel.columns()}, window, stages, cancel);
    Decoded decoded;
    search.decoder_s = 0;
    {
      const Timing timing(stages.search);
      if (task.empty()) {
        Language found = detect_language(search);
        transcript.language = std::move(found.name);
        transcript.language_probability = found.probability;
        task = tokenizer.prompt(transcript.language, options.translate);
      }
      decoded = decode(
          search, prompt(tokenizer, weights.dims.text_context, options.hotwords, previous, task),
          options, seek);
    }
    stages.decoder += search.decoder_s;
    stages.search -= search.decoder_s;
    transcript.tokens.insert(transcript.tokens.end(), decoded.tokens.begin(), decoded.tokens.end());
    if (silent(decoded, options)) {
      seek += frames;
      continue;
    }
    ++transcript.windows;
    transcript.avg_log_prob += decoded.avg_log_prob;
    transcript.no_speech_prob += decoded.no_speech_prob;
    Cuts cuts = cut(decoded.tokens, tokenizer.timestamp_begin, seek, frames);
    seek = cuts.seek;
    for (Cut& segment : cuts.segments) {
      std::string text = tokenizer.text(segment.tokens);
      if (blank(text) || segment.start >= segment.end) continue;
      previous.insert(previous.end(), segment.tokens.begin(), segment.tokens.end());
      transcript.segments.push_back({static_cast<double>(segment.start) / kFramesPerSecond,
                                     static_cast<double>(segment.end) / kFramesPerSecond,
                                     std::move(text), std::move(segment.tokens),
                                     decoded.avg_log_prob, decoded.no_speech_prob,
                                     decoded.temperature, decoded.compression_ratio});
    }
    if (!options.condition_on_previous_text ||
        decoded.temperature > options.prompt_reset_temperature) {
      previous.clear();
    }
  }
  if (transcript.windows > 0) {
    transcript.avg_log_prob /= static_cast<double>(transcript.windows);
    transcript.no_speech_prob /= static_cast<double>(transcript.windows);
  }
  return transcript;
}

}  // namespace asrbench::speech
