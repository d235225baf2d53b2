#include "speech/beam.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "speech/rules.hpp"

namespace asrbench::speech {
namespace {

struct Text {
  std::vector<int> tokens;
  double log_prob = 0;
};

struct Candidate {  // for the next token of a lane's text
  double log_prob;  // with it
  std::size_t lane;
  int token;
};

bool likelier(const Candidate& a, const Candidate& b) { return a.log_prob > b.log_prob; }

// The `count` likeliest tokens that are allowed, the likeliest first, of equal ones the first.
void find_likeliest(const kernels::Kernels& kernels, std::span<const float> logits,
                    std::size_t count, std::vector<Candidate>& best) {
  constexpr std::size_t kBlock = 256;  // tokens that are passed over at once
  best.clear();
  for (std::size_t first = 0; first < logits.size(); first += kBlock) {
    const std::span<const float> block =
        logits.subspan(first, std::min(kBlock, logits.size() - first));
    const double least = best.size() < count ? double{kNever} : best.back().log_prob;
    if (!(kernels.max(block.data(), block.size()) > least)) continue;
    for (std::size_t i = 0; i < block.size(); ++i) {
      const double logit = block[i];
      if (!(logit > (best.size() < count ? double{kNever} : best.back().log_prob))) continue;
      if (best.size() == count) best.pop_back();
      const Candidate found{logit, 0, static_cast<int>(first + i)};
      best.insert(std::upper_bound(best.begin(), best.end(), found, likelier), found);
    }
  }
}

double score(const Text& text, double length_penalty) {
  const auto length = static_cast<double>(std::max<std::size_t>(1, text.tokens.size()));
  return text.log_prob / std::pow(length, length_penalty);
}

class Beam {
 public:
  Beam(Search& search, const Opening& opening, std::size_t size)
      : search_(search),
        size_(size),
        texts_(1),
        logits_(size, opening.logits.size()),
        likeliest_(size) {
    std::ranges::copy(opening.logits, logits_.row(0));
  }

  // The likeliest continuations of all texts, the likeliest first: twice as many as texts, so that
  // enough are left where half of them end.
  std::vector<Candidate> candidates() {
    search_.pool.run(texts_.size(), search_.cancel, [&](std::size_t lane, std::size_t) {
      const std::span<float> logits{logits_.row(lane), logits_.columns()};
      const double all = search_.allow(texts_[lane].tokens, logits);
      find_likeliest(*search_.weights.kernels, logits, 2 * size_, likeliest_[lane]);
      for (Candidate& candidate : likeliest_[lane]) {
        candidate.lane = lane;
        candidate.log_prob += texts_[lane].log_prob - all;
      }
    });
    std::vector<Candidate> found;
    for (std::size_t lane = 0; lane < texts_.size(); ++lane) {
      found.insert(found.end(), likeliest_[lane].begin(), likeliest_[lane].end());
    }
    std::ranges::stable_sort(found, likelier);
    if (found.size() > 2 * size_) found.resize(2 * size_);
    return found;
  }

  [[nodiscard]] Text text_with(const Candidate& candidate) const {
    Text text{texts_[candidate.lane].tokens, candidate.log_prob};
    if (candidate.token != search_.tokenizer.eot) text.tokens.push_back(candidate.token);
    return text;
  }

  // Goes on with these texts. The first that goes on from a lane keeps it: so its rows of keys and
  // values stay neighbours.
  void go_on(const std::vector<Candidate>& chosen) {
    constexpr std::size_t kFree = ~std::size_t{0};
    std::vector<std::size_t> from(chosen.size(), kFree);  // the candidate of each lane
    std::vector<std::size_t> later;
    for (std::size_t i = 0; i < chosen.size(); ++i) {
      const std::size_t lane = chosen[i].lane;
      if (lane < from.size() && from[lane] == kFree) {
        from[lane] = i;
      } else {
        later.push_back(i);
      }
    }
    for (const std::size_t i : later) *std::ranges::find(from, kFree) = i;
    std::vector<Text> texts;
    std::vector<std::size_t> parents;
    std::vector<int> tokens;
    for (const std::size_t i : from) {
      texts.push_back(text_with(chosen[i]));
      parents.push_back(chosen[i].lane);
      tokens.push_back(chosen[i].token);
    }
    texts_ = std::move(texts);
    search_.cache.follow(parents);
    MatrixView logits = logits_.view();
    logits.rows = tokens.size();
    search_.step(tokens, logits);
  }

 private:
  Search& search_;
  std::size_t size_;
  std::vector<Text> texts_;                        // of each lane
  Matrix logits_;                                  // (size, vocabulary)
  std::vector<std::vector<Candidate>> likeliest_;  // of each lane
};

}  // namespace

Decoded beam(Search& search, const Opening& opening, std::size_t size, double patience,
             double length_penalty) {
  const auto wanted = static_cast<std::size_t>(std::lround(static_cast<double>(size) * patience));
  const int eot = search.tokenizer.eot;
  Beam beam(search, opening, size);
  std::vector<Text> ended;
  for (std::size_t length = 1;; ++length) {  // of the texts, with the token that is chosen here
    const bool last = length == opening.most;
    const std::vector<Candidate> found = beam.candidates();
    std::vector<Candidate> chosen;
    std::size_t spare = std::min(size, found.size());
    for (std::size_t i = 0; i < std::min(size, found.size()); ++i) {
      if (found[i].token != eot && !last) {
        chosen.push_back(found[i]);
        continue;
      }
      ended.push_back(beam.text_with(found[i]));
      while (spare < found.size() && found[spare].token == eot) ++spare;
      if (spare < found.size()) chosen.push_back(found[spare++]);
    }
    const bool enough = length_penalty == 0 ? found.front().token == eot : ended.size() >= wanted;
    if (last || enough || chosen.empty()) break;
    beam.go_on(chosen);
  }
  const auto best = std::ranges::max_element(
      ended, {}, [&](const Text& text) { return score(text, length_penalty); });
  return decoded(opening, std::move(best->tokens), best->log_prob);
}

}  // namespace asrbench::speech
