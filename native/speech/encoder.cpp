#include "speech/encoder.hpp"

#include <algorithm>

#include "core/error.hpp"

namespace asrbench::speech {
namespace {

using kernels::Activation;

constexpr std::size_t kRows = 48;  // of a task: a multiple of every kernel's tile

}  // namespace

EncoderScratch::EncoderScratch(const Weights& weights, std::size_t threads)
    : padded_mel_(2 * weights.dims.audio_context + 2, weights.dims.bins),
      padded_conv1_(2 * weights.dims.audio_context + 2, weights.dims.state),
      query_key_value_(weights.dims.audio_context, 3 * weights.dims.state),
      attended_(weights.dims.audio_context, weights.dims.state),
      keys_values_(*weights.kernels, weights.dims.heads, weights.dims.state / weights.dims.heads,
                   weights.dims.audio_context, weights.precision) {
  const Dims& dims = weights.dims;
  for (std::size_t thread = 0; thread < threads; ++thread) {
    blocks_.push_back({Matrix(kRows, dims.state), Matrix(kRows, 4 * dims.state),
                       kernels::Operand(kRows, 4 * dims.state),
                       AttentionScratch(kRows, dims.audio_context, dims.state / dims.heads)});
  }
}

// The steps of one call, with what they share.
class Encoding {
 public:
  Encoding(const Weights& weights, EncoderScratch& scratch, ThreadPool& pool, Cancel& cancel,
           MatrixView states)
      : weights_(weights),
        dims_(weights.dims),
        kernels_(*weights.kernels),
        scratch_(scratch),
        pool_(pool),
        cancel_(cancel),
        states_(states) {}

  // Attends to `padded` behind the states that are computed, if it is given, and leaves each
  // layer's keys and values in `kept`, if that is given.
  void run(ConstView log_mel, const PaddedLayers* padded, PaddedLayers* kept) {
    pad(log_mel);
    convolve();
    for (std::size_t i = 0; i < weights_.encoder.size(); ++i) {
      project(weights_.encoder[i]);
      put(padded ? &(*padded)[i] : nullptr);
      if (kept) kept->push_back(scratch_.keys_values_);
      attend();
      feed_forward(weights_.encoder[i]);
    }
    each_block(states_.rows, [&](std::size_t first, std::size_t count, std::size_t) {
      for (std::size_t r = first; r < first + count; ++r) {
        weights_.encoder_norm.apply(kernels_, states_.row(r), states_.row(r));
      }
    });
  }

 private:
  // Calls work(first row, rows, thread) for blocks of at most kRows of `rows` rows.
  template <class Work>
  void each_block(std::size_t rows, const Work& work) {
    pool_.run((rows + kRows - 1) / kRows, cancel_, [&](std::size_t block, std::size_t thread) {
      const std::size_t first = block * kRows;
      work(first, std::min(kRows, rows - first), thread);
    });
  }

  void pad(ConstView log_mel) {
    Matrix& mel = scratch_.padded_mel_;
    std::fill_n(mel.data(), mel.rows() * mel.columns(), 0.0F);
    for (std::size_t r = 0; r < log_mel.rows; ++r) {
      std::copy_n(log_mel.row(r), log_mel.columns, mel.row(r + 1));
    }
  }

  // A convolution over three rows is a product whose rows overlap: with `step` rows between two
  // starts, row r of the left side is the three rows from r x step on, read as one.
  void convolve() {
    Matrix& mel = scratch_.padded_mel_;
    Matrix& conv1 = scratch_.padded_conv1_;
    const std::size_t bins = dims_.bins;
    const std::size_t state = dims_.state;
    std::fill_n(conv1.row(0), state, 0.0F);
    std::fill_n(conv1.row(conv1.rows() - 1), state, 0.0F);
    const std::size_t frames = std::min(2 * states_.rows + 1, 2 * dims_.audio_context);
    each_block(frames, [&](std::size_t first, std::size_t count, std::size_t thread) {
      multiply(weights_.conv1, {mel.row(first), count, 3 * bins, bins},
               {conv1.row(first + 1), count, state, state}, thread, Activation::kGelu);
    });
    each_block(states_.rows, [&](std::size_t first, std::size_t count, std::size_t thread) {
      multiply(weights_.conv2, {conv1.row(2 * first), count, 3 * state, 2 * state},
               rows_of(states_, first, count), thread, Activation::kGelu);
      for (std::size_t r = first; r < first + count; ++r) {
        const float* const position = weights_.encoder_positions.data() + r * state;
        float* const x = states_.row(r);
        for (std::size_t c = 0; c < state; ++c) x[c] += position[c];
      }
    });
  }

  void project(const EncoderLayer& layer) {
    each_block(states_.rows, [&](std::size_t first, std::size_t count, std::size_t thread) {
      multiply(layer.query_key_value, normalise(layer.attention_norm, first, count, thread),
               rows_of(scratch_.query_key_value_.view(), first, count), thread);
    });
  }

  // The keys and values of the states, and behind them those of the padding.
  void put(const KeyValues* padded) {
    const std::size_t state = dims_.state;
    const std::size_t size = state / dims_.heads;
    const Matrix& qkv = scratch_.query_key_value_;
    pool_.run(dims_.heads, cancel_, [&](std::size_t head, std::size_t) {
      const float* const key = qkv.row(0) + state + head * size;
      scratch_.keys_values_.put(head, 0, {key, states_.rows, size, 3 * state},
                                {key + state, states_.rows, size, 3 * state});
      if (padded) scratch_.keys_values_.put(head, states_.rows, *padded);
      scratch_.keys_values_.seal(head);
    });
  }

  // A block of queries of a head at a time.
  void attend() {
    const std::size_t state = dims_.state;
    const std::size_t size = state / dims_.heads;
    const Matrix& qkv = scratch_.query_key_value_;
    const std::size_t blocks = (states_.rows + kRows - 1) / kRows;
    pool_.run(blocks * dims_.heads, cancel_, [&](std::size_t task, std::size_t thread) {
      const std::size_t head = task / blocks;
      const std::size_t first = task % blocks * kRows;
      const std::size_t count = std::min(kRows, states_.rows - first);
      scratch_.keys_values_.attend(
          head, {qkv.row(first) + head * size, count, size, 3 * state},
          {scratch_.attended_.row(first) + head * size, count, size, state},
          scratch_.blocks_[thread].attention);
    });
  }

  void feed_forward(const EncoderLayer& layer) {
    each_block(states_.rows, [&](std::size_t first, std::size_t count, std::size_t thread) {
      const MatrixView x = rows_of(states_, first, count);
      add_product(layer.attention_out, rows_of(scratch_.attended_.view(), first, count), x, thread);

      const ConstView normed = normalise(layer.ffn_norm, first, count, thread);
      const MatrixView hidden = rows_of(scratch_.blocks_[thread].hidden.view(), 0, count);
      multiply(layer.ffn_up, normed, hidden, thread, Activation::kGelu);
      if (thread == 0) cancel_.poll();  // in the largest models half a task is long
      add_product(layer.ffn_down, hidden, x, thread);
    });
  }

  void multiply(const kernels::Linear& linear, ConstView a, MatrixView c, std::size_t thread,
                Activation activation = Activation::kNone, bool add = false) {
    kernels::Operand& operand = scratch_.blocks_[thread].operand;
    operand.set(kernels_, a, linear);
    linear.multiply(kernels_, operand, c, activation, add);
  }

  void add_product(const kernels::Linear& linear, ConstView a, MatrixView x, std::size_t thread) {
    multiply(linear, a, x, thread, Activation::kNone, true);
  }

  ConstView normalise(const Norm& norm, std::size_t first, std::size_t count, std::size_t thread) {
    Matrix& normed = scratch_.blocks_[thread].normed;
    for (std::size_t r = 0; r < count; ++r) {
      norm.apply(kernels_, states_.row(first + r), normed.row(r));
    }
    return rows_of(normed.view(), 0, count);
  }

  static MatrixView rows_of(MatrixView matrix, std::size_t first, std::size_t count) {
    return {matrix.row(first), count, matrix.columns, matrix.stride};
  }

  const Weights& weights_;
  const Dims& dims_;
  const kernels::Kernels& kernels_;
  EncoderScratch& scratch_;
  ThreadPool& pool_;
  Cancel& cancel_;
  MatrixView states_;
};

namespace {

void expect_log_mel(const Dims& dims, ConstView log_mel) {
  if (log_mel.columns != dims.bins || log_mel.rows > 2 * dims.audio_context) {
    fail<OptionError>("log-mel is (", log_mel.rows, ", ", log_mel.columns, "); expected at most ",
                      2 * dims.audio_context, " rows of ", dims.bins);
  }
}

void expect_states(const Dims& dims, MatrixView states) {
  if (states.rows != dims.audio_context || states.columns != dims.state) {
    fail<OptionError>("states are (", states.rows, ", ", states.columns, "); expected (",
                      dims.audio_context, ", ", dims.state, ")");
  }
}

}  // namespace

void encode(const Weights& weights, ConstView log_mel, EncoderScratch& scratch, ThreadPool& pool,
            Cancel& cancel, MatrixView states) {
  expect_log_mel(weights.dims, log_mel);
  expect_states(weights.dims, states);
  Encoding(weights, scratch, pool, cancel, states).run(log_mel, nullptr, nullptr);
}

void encode_beginning(const Weights& weights, ConstView log_mel, const PaddedLayers& padded,
                      EncoderScratch& scratch, ThreadPool& pool, Cancel& cancel,
                      MatrixView states) {
  expect_log_mel(weights.dims, log_mel);
  const Dims& dims = weights.dims;
  if (states.columns != dims.state || states.rows > dims.audio_context ||
      (states.rows % kernels::kGroup != 0 && states.rows != dims.audio_context)) {
    fail<OptionError>("states are (", states.rows, ", ", states.columns,
                      "); expected whole groups of ", kernels::kGroup, ", at most ",
                      dims.audio_context, ", of ", dims.state);
  }
  Encoding(weights, scratch, pool, cancel, states).run(log_mel, &padded, nullptr);
}

PaddedLayers encode_padding(const Weights& weights, EncoderScratch& scratch, ThreadPool& pool,
                            Cancel& cancel, MatrixView states) {
  expect_states(weights.dims, states);
  PaddedLayers kept;
  const ConstView silence{nullptr, 0, weights.dims.bins, weights.dims.bins};
  Encoding(weights, scratch, pool, cancel, states).run(silence, nullptr, &kept);
  return kept;
}

}  // namespace asrbench::speech
