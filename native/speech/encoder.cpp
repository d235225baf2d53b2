#include "speech/encoder.hpp"

#include <algorithm>
#include <cmath>

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
      attended_(weights.dims.audio_context, weights.dims.state) {
  const Dims& dims = weights.dims;
  const std::size_t head_size = dims.state / dims.heads;
  for (std::size_t head = 0; head < dims.heads; ++head) {
    keys_.emplace_back(kernels::packed_size(*weights.kernels, dims.audio_context, head_size));
    values_.emplace_back(kernels::packed_size(*weights.kernels, head_size, dims.audio_context));
  }
  for (std::size_t thread = 0; thread < threads; ++thread) {
    blocks_.push_back({Matrix(kRows, dims.state), Matrix(kRows, 4 * dims.state),
                       Matrix(kRows, dims.audio_context)});
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

  void run(ConstView log_mel) {
    pad(log_mel);
    convolve();
    for (const EncoderLayer& layer : weights_.encoder) {
      project(layer);
      attend();
      feed_forward(layer);
    }
    each_block(dims_.audio_context, [&](std::size_t first, std::size_t count, std::size_t) {
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
    each_block(2 * dims_.audio_context, [&](std::size_t first, std::size_t count, std::size_t) {
      kernels_.gemm(weights_.conv1.times({mel.row(first), count, 3 * bins, bins},
                                         {conv1.row(first + 1), count, state, state},
                                         Activation::kGelu));
    });
    each_block(dims_.audio_context, [&](std::size_t first, std::size_t count, std::size_t) {
      kernels_.gemm(weights_.conv2.times({conv1.row(2 * first), count, 3 * state, 2 * state},
                                         rows_of(states_, first, count), Activation::kGelu));
      for (std::size_t r = first; r < first + count; ++r) {
        const float* const position = weights_.encoder_positions.row(r);
        float* const x = states_.row(r);
        for (std::size_t c = 0; c < state; ++c) x[c] += position[c];
      }
    });
  }

  void project(const EncoderLayer& layer) {
    each_block(dims_.audio_context, [&](std::size_t first, std::size_t count, std::size_t thread) {
      const ConstView normed = normalise(layer.attention_norm, first, count, thread);
      kernels_.gemm(layer.query_key_value.times(
          normed, rows_of(scratch_.query_key_value_.view(), first, count), Activation::kNone));
    });
  }

  // softmax(Q K^T / sqrt(head size)) V for each head, a block of queries at a time.
  void attend() {
    const std::size_t context = dims_.audio_context;
    const std::size_t state = dims_.state;
    const std::size_t size = state / dims_.heads;
    const float scale = 1.0F / std::sqrt(static_cast<float>(size));
    const Matrix& qkv = scratch_.query_key_value_;

    pool_.run(2 * dims_.heads, cancel_, [&](std::size_t task, std::size_t) {
      const std::size_t head = task / 2;
      const float* const key = qkv.row(0) + state + head * size;
      if (task % 2 == 0) {
        pack_rows(kernels_, key, 3 * state, context, size, scratch_.keys_[head].data());
      } else {
        pack_columns(kernels_, key + state, 3 * state, size, context,
                     scratch_.values_[head].data());
      }
    });
    const std::size_t blocks = (context + kRows - 1) / kRows;
    pool_.run(blocks * dims_.heads, cancel_, [&](std::size_t task, std::size_t thread) {
      const std::size_t head = task / blocks;
      const std::size_t first = task % blocks * kRows;
      const std::size_t count = std::min(kRows, context - first);
      float* const scores = scratch_.blocks_[thread].scores.data();
      kernels_.gemm({.a = qkv.row(first) + head * size,
                     .a_stride = 3 * state,
                     .panels = scratch_.keys_[head].data(),
                     .c = scores,
                     .c_stride = context,
                     .rows = count,
                     .columns = context,
                     .depth = size});
      for (std::size_t r = 0; r < count; ++r) {
        kernels_.softmax(scores + r * context, scale, context);
      }
      kernels_.gemm({.a = scores,
                     .a_stride = context,
                     .panels = scratch_.values_[head].data(),
                     .c = scratch_.attended_.row(first) + head * size,
                     .c_stride = state,
                     .rows = count,
                     .columns = size,
                     .depth = context});
    });
  }

  void feed_forward(const EncoderLayer& layer) {
    each_block(dims_.audio_context, [&](std::size_t first, std::size_t count, std::size_t thread) {
      const MatrixView x = rows_of(states_, first, count);
      add_product(layer.attention_out, rows_of(scratch_.attended_.view(), first, count), x);

      const ConstView normed = normalise(layer.ffn_norm, first, count, thread);
      const MatrixView hidden = rows_of(scratch_.blocks_[thread].hidden.view(), 0, count);
      kernels_.gemm(layer.ffn_up.times(normed, hidden, Activation::kGelu));
      if (thread == 0) cancel_.poll();  // in the largest models half a task is long
      add_product(layer.ffn_down, hidden, x);
    });
  }

  void add_product(const kernels::Panels& panels, ConstView a, MatrixView x) const {
    kernels::Gemm product = panels.times(a, x, Activation::kNone);
    product.residual = x.data;
    product.residual_stride = x.stride;
    kernels_.gemm(product);
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

void encode(const Weights& weights, ConstView log_mel, EncoderScratch& scratch, ThreadPool& pool,
            Cancel& cancel, MatrixView states) {
  const Dims& dims = weights.dims;
  if (log_mel.columns != dims.bins || log_mel.rows > 2 * dims.audio_context) {
    fail<OptionError>("log-mel is (", log_mel.rows, ", ", log_mel.columns, "); expected at most ",
                      2 * dims.audio_context, " rows of ", dims.bins);
  }
  if (states.rows != dims.audio_context || states.columns != dims.state) {
    fail<OptionError>("states are (", states.rows, ", ", states.columns, "); expected (",
                      dims.audio_context, ", ", dims.state, ")");
  }
  Encoding(weights, scratch, pool, cancel, states).run(log_mel);
}

}  // namespace asrbench::speech
