#include "speech/forcing.hpp"

#include <algorithm>
#include <cmath>

#include "core/error.hpp"
#include "kernels/linear.hpp"
#include "speech/alignment.hpp"
#include "speech/attention.hpp"

namespace asrbench::speech {
namespace {

using kernels::Activation;

constexpr std::size_t kRows = 24;                // of a task: a multiple of most kernels' tiles
constexpr std::size_t kShareValues = 64 * 1024;  // weights of a task of the vocabulary

// The steps of one call, with what they share.
class Forcing {
 public:
  Forcing(const Model& model, std::span<const int> tokens, std::size_t frames, const KvCache& cache,
          ThreadPool& pool, Cancel& cancel)
      : model_(model),
        weights_(model.weights),
        dims_(weights_.dims),
        kernels_(*weights_.kernels),
        size_(dims_.state / dims_.heads),
        tokens_(tokens),
        cache_(cache),
        pool_(pool),
        cancel_(cancel),
        x_(tokens.size(), dims_.state),
        query_key_value_(tokens.size(), 3 * dims_.state),
        attended_(tokens.size(), dims_.state),
        followed_(tokens.size(), frames) {
    for (std::size_t thread = 0; thread < pool.threads(); ++thread) {
      blocks_.push_back({Matrix(kRows, dims_.state), Matrix(kRows, 4 * dims_.state),
                         kernels::Operand(kRows, 4 * dims_.state),
                         AttentionScratch(kRows, dims_.audio_context, size_),
                         Buffer<float>(tokens.size())});
    }
  }

  // Reads the text up to its last states.
  void read() {
    embed();
    std::fill_n(followed_.data(), followed_.rows() * followed_.columns(), 0.0F);
    for (std::size_t i = 0; i < dims_.decoder_layers; ++i) {
      const DecoderLayer& layer = weights_.decoder[i];
      attend_to_text(layer);
      attend_to_audio(layer, i);
      feed_forward(layer);
    }
    const auto heads = static_cast<float>(model_.config.alignment_heads.size());
    for (std::size_t i = 0; i < followed_.rows() * followed_.columns(); ++i) {
      followed_.data()[i] /= heads;
    }
  }

  // Rows of what the heads saw.
  [[nodiscard]] Matrix followed(std::size_t first, std::size_t count) const {
    Matrix rows(count, followed_.columns());
    std::copy_n(followed_.row(first), count * followed_.columns(), rows.data());
    return rows;
  }

  // How likely each token of the text was; the row before the text, which leads to its first, is
  // `first`.
  [[nodiscard]] std::vector<float> probabilities(std::size_t first, std::span<const int> text) {
    std::vector<float> result(text.size());
    Matrix logits(kRows, dims_.vocabulary);
    for (std::size_t begin = 0; begin < text.size(); begin += kRows) {
      const std::size_t count = std::min(kRows, text.size() - begin);
      project(first + begin, {logits.data(), count, dims_.vocabulary, dims_.vocabulary});
      pool_.run(count, cancel_, [&](std::size_t r, std::size_t) {
        result[begin + r] = share(logits.row(r), text[begin + r]);
      });
    }
    return result;
  }

 private:
  struct Block {               // what one thread needs for a block of rows
    Matrix normed;             // (kRows, state)
    Matrix hidden;             // (kRows, 4 state)
    kernels::Operand operand;  // of at most 4 state
    AttentionScratch attention;
    Buffer<float> scores;  // (tokens)
  };

  // Calls work(first row, rows, thread) for blocks of at most kRows tokens.
  template <class Work>
  void each_block(const Work& work) {
    pool_.run((x_.rows() + kRows - 1) / kRows, cancel_, [&](std::size_t block, std::size_t thread) {
      const std::size_t first = block * kRows;
      work(first, std::min(kRows, x_.rows() - first), thread);
    });
  }

  void embed() {
    for (std::size_t r = 0; r < tokens_.size(); ++r) {
      float* const x = x_.row(r);
      const float* const position = weights_.decoder_positions.data() + r * dims_.state;
      weights_.embeddings.copy_column(kernels_, static_cast<std::size_t>(tokens_[r]), x);
      for (std::size_t c = 0; c < dims_.state; ++c) x[c] += position[c];
    }
  }

  void attend_to_text(const DecoderLayer& layer) {
    const std::size_t state = dims_.state;
    each_block([&](std::size_t first, std::size_t count, std::size_t thread) {
      multiply(layer.query_key_value, normalise(layer.self_norm, first, count, thread),
               rows_of(query_key_value_, first, count), thread);
    });
    const float scale = 1.0F / std::sqrt(static_cast<float>(size_));
    pool_.run(dims_.heads, cancel_, [&](std::size_t head, std::size_t thread) {
      float* const scores = blocks_[thread].scores.data();
      const float* const query = query_key_value_.data() + head * size_;
      for (std::size_t r = 0; r < x_.rows(); ++r) {  // sees itself and those before it
        kernels_.gemv({query + state, 3 * state, query + r * 3 * state, scores, r + 1, size_});
        kernels_.softmax(scores, scale, r + 1);
        kernels_.weighted_sum(scores, query + 2 * state, 3 * state, attended_.row(r) + head * size_,
                              r + 1, size_);
      }
    });
    each_block([&](std::size_t first, std::size_t count, std::size_t thread) {
      add_product(layer.self_out, rows_of(attended_, first, count), first, thread);
    });
  }

  void attend_to_audio(const DecoderLayer& layer, std::size_t index) {
    const std::size_t state = dims_.state;
    each_block([&](std::size_t first, std::size_t count, std::size_t thread) {
      multiply(layer.cross_query, normalise(layer.cross_norm, first, count, thread),
               {query_key_value_.row(first), count, state, 3 * state}, thread);
    });
    std::vector<Matrix> seen(dims_.heads);
    for (const Head& one : model_.config.alignment_heads) {
      if (one.layer == index) seen[one.head] = Matrix(x_.rows(), followed_.columns());
    }
    const std::size_t blocks = (x_.rows() + kRows - 1) / kRows;
    pool_.run(blocks * dims_.heads, cancel_, [&](std::size_t task, std::size_t thread) {
      const std::size_t head = task / blocks;
      const std::size_t first = task % blocks * kRows;
      const std::size_t count = std::min(kRows, x_.rows() - first);
      cache_.layers[index].cross.attend(
          head, {query_key_value_.row(first) + head * size_, count, size_, 3 * state},
          {attended_.row(first) + head * size_, count, size_, state}, blocks_[thread].attention,
          seen[head].rows() > 0 ? rows_of(seen[head], first, count) : MatrixView{});
    });
    follow(seen);
    each_block([&](std::size_t first, std::size_t count, std::size_t thread) {
      add_product(layer.cross_out, rows_of(attended_, first, count), first, thread);
    });
  }

  // Adds what the heads of a layer saw, in their order whatever thread is first.
  void follow(std::vector<Matrix>& seen) {
    std::erase_if(seen, [](const Matrix& head) { return head.rows() == 0; });
    pool_.run(seen.size(), cancel_,
              [&](std::size_t head, std::size_t) { standardise(seen[head].view()); });
    pool_.run(seen.empty() ? 0 : x_.rows(), cancel_, [&](std::size_t r, std::size_t) {
      Buffer<float> smoothed(followed_.columns());
      for (const Matrix& head : seen) {
        smooth({head.row(r), head.columns()}, smoothed);
        for (std::size_t c = 0; c < smoothed.size(); ++c) followed_.row(r)[c] += smoothed[c];
      }
    });
  }

  void feed_forward(const DecoderLayer& layer) {
    each_block([&](std::size_t first, std::size_t count, std::size_t thread) {
      const MatrixView hidden = rows_of(blocks_[thread].hidden, 0, count);
      multiply(layer.ffn_up, normalise(layer.ffn_norm, first, count, thread), hidden, thread,
               Activation::kGelu);
      if (thread == 0) cancel_.poll();  // in the largest models half a task is long
      add_product(layer.ffn_down, hidden, first, thread);
    });
  }

  // The logits behind rows from `first` on; the columns are shared among the threads.
  void project(std::size_t first, MatrixView logits) {
    const kernels::Linear& embeddings = weights_.embeddings;
    const std::size_t panel = kernels_.panel;
    const std::size_t share = std::max<std::size_t>(1, kShareValues / dims_.state / panel) * panel;
    const ConstView normed = normalise(weights_.decoder_norm, first, logits.rows, 0);
    kernels::Operand& operand = blocks_[0].operand;
    each_product(embeddings, normed, [&](ConstView rows, std::size_t r) {
      operand.set(kernels_, rows, embeddings);
      const MatrixView into{logits.row(r), rows.rows, logits.columns, logits.stride};
      pool_.run((logits.columns + share - 1) / share, cancel_, [&](std::size_t task, std::size_t) {
        const std::size_t column = task * share;
        embeddings.multiply(kernels_, operand, into, Activation::kNone, false, column,
                            std::min(share, logits.columns - column));
      });
    });
  }

  // The probability of a token among those of text, below end-of-text.
  [[nodiscard]] float share(const float* logits, int token) const {
    const auto texts = static_cast<std::size_t>(model_.tokenizer.eot);
    const float highest = kernels_.max(logits, texts);
    const float probability =
        std::exp(logits[token] - highest) / kernels_.sum_exp(logits, highest, texts);
    if (!std::isfinite(probability)) {
      fail<EngineError>("the model gives token ", token, " of the text the probability ",
                        probability, "; expected a finite value");
    }
    return std::min(1.0F, probability);
  }

  // Calls work(rows, first of them) for as many rows as the weights take at once: one where they
  // lie in rows, as those of a decoder of floats do.
  template <class Work>
  static void each_product(const kernels::Linear& linear, ConstView a, const Work& work) {
    const bool one = linear.precision() == kernels::Precision::kFloat32;
    const std::size_t step = one ? 1 : a.rows;
    for (std::size_t r = 0; r < a.rows; r += step) work({a.row(r), step, a.columns, a.stride}, r);
  }

  void multiply(const kernels::Linear& linear, ConstView a, MatrixView c, std::size_t thread,
                Activation activation = Activation::kNone, bool add = false) {
    kernels::Operand& operand = blocks_[thread].operand;
    each_product(linear, a, [&](ConstView rows, std::size_t r) {
      operand.set(kernels_, rows, linear);
      linear.multiply(kernels_, operand, {c.row(r), rows.rows, c.columns, c.stride}, activation,
                      add);
    });
  }

  void add_product(const kernels::Linear& linear, ConstView a, std::size_t first,
                   std::size_t thread) {
    multiply(linear, a, rows_of(x_, first, a.rows), thread, Activation::kNone, true);
  }

  ConstView normalise(const Norm& norm, std::size_t first, std::size_t count, std::size_t thread) {
    Matrix& normed = blocks_[thread].normed;
    for (std::size_t r = 0; r < count; ++r) norm.apply(kernels_, x_.row(first + r), normed.row(r));
    return rows_of(normed, 0, count);
  }

  static MatrixView rows_of(Matrix& matrix, std::size_t first, std::size_t count) {
    return {matrix.row(first), count, matrix.columns(), matrix.columns()};
  }

  const Model& model_;
  const Weights& weights_;
  const Dims& dims_;
  const kernels::Kernels& kernels_;
  std::size_t size_;  // of a head
  std::span<const int> tokens_;
  const KvCache& cache_;
  ThreadPool& pool_;
  Cancel& cancel_;
  Matrix x_;                // (tokens, state)
  Matrix query_key_value_;  // (tokens, 3 state)
  Matrix attended_;         // (tokens, state)
  Matrix followed_;         // (tokens, frames)
  std::vector<Block> blocks_;
};

}  // namespace

Forced force(const Model& model, std::span<const int> prompt, std::span<const int> text,
             std::size_t frames, const KvCache& cache, ThreadPool& pool, Cancel& cancel) {
  const Tokenizer& tokenizer = model.tokenizer;
  for (const int token : text) {
    if (token < 0 || token >= tokenizer.eot) {
      fail<OptionError>("token is ", token, "; expected text, 0 to ", tokenizer.eot - 1);
    }
  }
  std::vector<int> tokens(prompt.begin(), prompt.end());
  tokens.push_back(tokenizer.no_timestamps);
  tokens.insert(tokens.end(), text.begin(), text.end());
  tokens.push_back(tokenizer.eot);
  const Dims& dims = model.weights.dims;
  if (tokens.size() > dims.text_context || frames < 1 || frames > dims.audio_context) {
    fail<EngineError>("words of ", tokens.size(), " tokens in ", frames,
                      " frames; expected at most ", dims.text_context, " in 1 to ",
                      dims.audio_context);
  }
  Forcing forcing(model, tokens, frames, cache, pool, cancel);
  forcing.read();
  return {forcing.probabilities(prompt.size(), text),
          forcing.followed(prompt.size(), text.size() + 1)};
}

}  // namespace asrbench::speech
