#include "speech/attention.hpp"

#include <algorithm>
#include <cmath>

#include "kernels/packing.hpp"

namespace asrbench::speech {
namespace {

using kernels::group_at;
using kernels::grouped;
using kernels::kByteLevels;
using kernels::kGroup;
using kernels::kGroupOrder;
using kernels::Precision;

// How finely probabilities are cut: all places together must not overflow 32 bits.
float levels_of(std::size_t places) {
  return static_cast<float>(std::min<std::size_t>(32767, (std::size_t{1} << 24U) / places));
}

}  // namespace

AttentionScratch::AttentionScratch(std::size_t query_count, std::size_t places, std::size_t size)
    : scores(query_count, places),
      queries(query_count * grouped(size)),
      probabilities(query_count * grouped(places)),
      scales(query_count) {}

KeyValues::KeyValues(const kernels::Kernels& kernels, std::size_t heads, std::size_t size,
                     std::size_t places, Precision precision)
    : kernels_(&kernels),
      size_(size),
      places_(places),
      precision_(precision),
      ones_(size, 1.0F),
      heads_(heads) {
  for (Head& head : heads_) {
    if (precision == Precision::kFloat32) {
      head.keys.own.assign(packed_size(kernels, places, size), 0.0F);
      head.values.own.assign(packed_size(kernels, size, places), 0.0F);
    } else {
      head.key_bytes.own.assign(packed_bytes(kernels, places, size), 0);
      head.value_bytes.own.assign(packed_bytes(kernels, size, places), 0);
      head.key_scales.own.assign(places, 0.0F);
      head.value_scales.own.assign(places, 0.0F);
      head.value_weights.assign(places, 0.0F);
    }
  }
}

void KeyValues::put(std::size_t head, std::size_t first, ConstView keys, ConstView values) {
  if (precision_ == Precision::kFloat32) {
    put_floats(heads_[head], first, keys, values);
  } else {
    put_bytes(heads_[head], first, keys, values);
  }
}

void KeyValues::put_floats(Head& head, std::size_t first, ConstView keys, ConstView values) {
  const std::size_t panel = kernels_->panel;
  for (std::size_t r = 0; r < keys.rows; ++r) {
    const std::size_t place = first + r;
    float* const key = head.keys.own.data() + place / panel * panel * size_ + place % panel;
    for (std::size_t k = 0; k < size_; ++k) key[k * panel] = keys.row(r)[k];
    for (std::size_t c = 0; c < size_; c += panel) {
      std::copy_n(values.row(r) + c, std::min(panel, size_ - c),
                  head.values.own.data() + c * places_ + place * panel);
    }
  }
}

void KeyValues::put_bytes(Head& head, std::size_t first, ConstView keys, ConstView values) {
  Buffer<std::int16_t> rows(kGroup * grouped(size_));
  std::int16_t* row[kGroup];
  for (std::size_t i = 0; i < kGroup; ++i) row[i] = rows.data() + i * grouped(size_);
  for (std::size_t r = 0; r < keys.rows; ++r) {
    const std::size_t place = first + r;
    head.key_scales.own[place] = kernels_->quantise_int16(keys.row(r), size_, kByteLevels, row[0]);
    for (std::size_t k = 0; k < size_; k += kGroup) {
      std::int8_t* const group = head.key_bytes.own.data() + group_at(*kernels_, size_, k, place);
      for (std::size_t i = 0; i < kGroup; ++i) {
        group[i] = static_cast<std::int8_t>(row[0][k + kGroupOrder[i]]);
      }
    }
  }
  for (std::size_t r = 0; r < values.rows; r += kGroup) {
    const std::size_t count = std::min(kGroup, values.rows - r);
    std::fill(rows.begin(), rows.end(), std::int16_t{0});
    for (std::size_t i = 0; i < count; ++i) {
      head.value_scales.own[first + r + i] =
          kernels_->quantise_int16(values.row(r + i), size_, kByteLevels, row[i]);
    }
    for (std::size_t c = 0; c < size_; ++c) {
      std::int8_t* const group =
          head.value_bytes.own.data() + group_at(*kernels_, places_, first + r, c);
      for (std::size_t i = 0; i < kGroup; ++i) {
        group[i] = static_cast<std::int8_t>(row[kGroupOrder[i]][c]);
      }
    }
  }
}

void KeyValues::put(std::size_t head, std::size_t first, const KeyValues& other) {
  Head& into = heads_[head];
  const Head& from = other.heads_[head];
  const auto copy = [](const auto& source, auto& target, std::size_t begin, std::size_t end) {
    std::ranges::copy(source.view().subspan(begin, end - begin),
                      target.own.begin() + static_cast<std::ptrdiff_t>(begin));
  };
  const std::size_t panel = kernels_->panel;
  const std::size_t whole = (first + panel - 1) / panel * panel;  // behind the panel that is begun
  const std::size_t begun = std::min(whole, places_) - first;
  if (precision_ == Precision::kFloat32) {
    for (std::size_t k = 0; k < size_ && begun > 0; ++k) {
      const std::size_t at = first / panel * panel * size_ + k * panel + first % panel;
      copy(from.keys, into.keys, at, at + begun);
    }
    if (whole < places_) copy(from.keys, into.keys, whole * size_, into.keys.own.size());
    for (std::size_t c = 0; c < size_; c += panel) {
      copy(from.values, into.values, c * places_ + first * panel, (c + panel) * places_);
    }
    return;
  }
  for (std::size_t k = 0; k < size_ && begun > 0; k += kGroup) {
    const std::size_t at = group_at(*kernels_, size_, k, first);
    copy(from.key_bytes, into.key_bytes, at, at + begun * kGroup);
  }
  if (whole < places_) {
    copy(from.key_bytes, into.key_bytes, whole * grouped(size_), into.key_bytes.own.size());
  }
  for (std::size_t c = 0; c < size_ && first < places_; c += panel) {
    copy(from.value_bytes, into.value_bytes, group_at(*kernels_, places_, first, c),
         (c + panel) * grouped(places_));
  }
  copy(from.key_scales, into.key_scales, first, places_);
  copy(from.value_scales, into.value_scales, first, places_);
}

void KeyValues::seal(std::size_t head) {
  if (precision_ == Precision::kFloat32) return;
  Head& sealed = heads_[head];
  const std::span<const float> value_scales = sealed.value_scales.view();
  const auto reach = [](std::span<const float> scales) {
    float result = 0;
    for (const float scale : scales) result = scale > result || std::isnan(scale) ? scale : result;
    return result;
  };
  sealed.reach = reach(value_scales) + 0.0F * reach(sealed.key_scales.view());
  const float inverse = sealed.reach > 1e-30F ? 1.0F / sealed.reach : 0.0F;
  for (std::size_t i = 0; i < places_; ++i) {
    sealed.value_weights[i] = value_scales[i] * inverse;
  }
}

void KeyValues::keep(Store& store) {
  const auto keep_one = [&]<class T>(Values<T>& values) {
    const std::span<const T> kept =
        store.array<T>(values.own.size(), [&](T* into) { std::ranges::copy(values.own, into); });
    values.mapped = kept;
    values.own = {};
  };
  for (std::size_t head = 0; head < heads_.size(); ++head) {
    Head& own = heads_[head];
    keep_one(own.keys);
    keep_one(own.values);
    keep_one(own.key_bytes);
    keep_one(own.value_bytes);
    keep_one(own.key_scales);
    keep_one(own.value_scales);
    seal(head);
  }
}

void KeyValues::attend(std::size_t head, ConstView queries, MatrixView out,
                       AttentionScratch& scratch, MatrixView seen) const {
  if (precision_ == Precision::kFloat32) {
    attend_floats(heads_[head], queries, out, scratch, seen);
  } else {
    attend_bytes(heads_[head], queries, out, scratch, seen);
  }
}

float KeyValues::scale() const { return 1.0F / std::sqrt(static_cast<float>(size_)); }

void KeyValues::show(ConstView scores, MatrixView seen) const {
  for (std::size_t r = 0; r < seen.rows; ++r) {
    std::copy_n(scores.row(r), seen.columns, seen.row(r));
    kernels_->softmax(seen.row(r), scale(), seen.columns);
  }
}

void KeyValues::attend_floats(const Head& found, ConstView queries, MatrixView out,
                              AttentionScratch& scratch, MatrixView seen) const {
  const MatrixView scores = scratch.scores.view();
  const float shrink = scale();
  kernels_->gemm({.a = queries.data,
                  .a_stride = queries.stride,
                  .panels = found.keys.data(),
                  .c = scores.data,
                  .c_stride = scores.stride,
                  .rows = queries.rows,
                  .columns = places_,
                  .depth = size_});
  show(scores, seen);
  for (std::size_t r = 0; r < queries.rows; ++r) {
    kernels_->softmax(scores.row(r), shrink, places_);
  }
  kernels_->gemm({.a = scores.data,
                  .a_stride = scores.stride,
                  .panels = found.values.data(),
                  .c = out.data,
                  .c_stride = out.stride,
                  .rows = queries.rows,
                  .columns = size_,
                  .depth = places_});
}

void KeyValues::attend_bytes(const Head& found, ConstView queries, MatrixView out,
                             AttentionScratch& scratch, MatrixView seen) const {
  const MatrixView scores = scratch.scores.view();
  const float shrink = scale();
  const std::size_t query_stride = grouped(size_);
  for (std::size_t r = 0; r < queries.rows; ++r) {
    scratch.scales[r] =
        kernels_->quantise_int16(queries.row(r), size_, kernels::int16_levels(size_),
                                 scratch.queries.data() + r * query_stride);
  }
  kernels::IntGemm<std::int16_t> product{.a = scratch.queries.data(),
                                         .a_stride = query_stride,
                                         .a_scale = scratch.scales.data(),
                                         .panels = found.key_bytes.data(),
                                         .b_scale = found.key_scales.data(),
                                         .b_sums = nullptr,
                                         .offset = 0,
                                         .c = scores.data,
                                         .c_stride = scores.stride,
                                         .rows = queries.rows,
                                         .columns = places_,
                                         .depth = size_};
  kernels_->gemm_int16(product);
  show(scores, seen);
  const std::size_t stride = grouped(places_);
  const float levels = levels_of(places_);
  for (std::size_t r = 0; r < queries.rows; ++r) {
    const float sum =
        kernels_->softmax_int16(scores.row(r), shrink, found.value_weights.data(), levels, places_,
                                scratch.probabilities.data() + r * stride);
    // A query that is not finite makes its row NaN, as it would in floats.
    scratch.scales[r] = found.reach / (levels * sum) + 0.0F * scratch.scales[r];
  }
  product.a = scratch.probabilities.data();
  product.a_stride = stride;
  product.panels = found.value_bytes.data();
  product.b_scale = ones_.data();
  product.c = out.data;
  product.c_stride = out.stride;
  product.columns = size_;
  product.depth = places_;
  kernels_->gemm_int16(product);
}

}  // namespace asrbench::speech
