#include "speech/timing.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <numeric>
#include <utility>

#include "speech/alignment.hpp"
#include "speech/forcing.hpp"
#include "speech/words.hpp"

namespace asrbench::speech {
namespace {

constexpr double kStatesPerSecond = 50;   // encoder states
constexpr double kFramesPerSecond = 100;  // mel frames
constexpr double kLongestUsual = 0.7;     // seconds of a word
constexpr double kTooLong = 2;            // times the usual
constexpr double kPause = 4;              // times the usual, before a word
constexpr double kSlack = 0.5;            // seconds a word may go beyond its segment

// When a word was said, in seconds from the beginning of its window.
struct Said {
  double start_s;
  double end_s;
  double probability;

  [[nodiscard]] double length_s() const { return end_s - start_s; }
};

// How long words of a window are usually, and how long one can be at most.
struct Usual {
  double usual_s;
  double longest_s;
};

// A word begins where its first token does, and ends where the token behind it begins.
std::vector<Said> say(const std::vector<Spelled>& words, const std::vector<std::size_t>& begins,
                      const std::vector<float>& probabilities) {
  std::vector<Said> said;
  std::size_t first = 0;
  for (const Spelled& word : words) {
    const auto chances = std::span(probabilities).subspan(first, word.tokens);
    const double sum = std::accumulate(chances.begin(), chances.end(), 0.0);
    const std::size_t behind = first + word.tokens;
    said.push_back({static_cast<double>(begins[first]) / kStatesPerSecond,
                    static_cast<double>(begins[behind]) / kStatesPerSecond,
                    sum / static_cast<double>(word.tokens)});
    first = behind;
  }
  return said;
}

Usual usual_of(const std::vector<Said>& said) {
  std::vector<double> lengths;
  for (const Said& word : said) {
    if (word.length_s() != 0) lengths.push_back(word.length_s());
  }
  if (lengths.empty()) return {0, 0};
  std::ranges::sort(lengths);
  const std::size_t middle = lengths.size() / 2;
  const double median =
      lengths.size() % 2 == 1 ? lengths[middle] : (lengths[middle - 1] + lengths[middle]) / 2;
  const double usual = std::min(kLongestUsual, median);
  return {usual, kTooLong * usual};
}

// A mark at the end of a sentence, and the word behind it, are no longer than a word can be.
void shorten_at_sentences(const std::vector<Spelled>& words, double longest_s,
                          std::vector<Said>& said) {
  for (std::size_t i = 1; i < words.size(); ++i) {
    if (said[i].length_s() <= longest_s) continue;
    if (ends_sentence(words[i])) {
      said[i].end_s = said[i].start_s + longest_s;
    } else if (ends_sentence(words[i - 1])) {
      said[i].start_s = said[i].end_s - longest_s;
    }
  }
}

// The first two words behind a pause are no longer than words can be.
void shorten_behind_pause(std::vector<Word>& words, Usual usual, double spoken_s) {
  Word& first = words.front();
  const bool second = words.size() > 1;
  if (first.end_s - spoken_s <= kPause * usual.usual_s) return;
  if (first.end_s - first.start_s <= usual.longest_s &&
      !(second && words[1].end_s - first.start_s > 2 * usual.longest_s)) {
    return;
  }
  if (second && words[1].end_s - words[1].start_s > usual.longest_s) {
    const double border = std::max(words[1].end_s / 2, words[1].end_s - usual.longest_s);
    first.end_s = border;
    words[1].start_s = border;
  }
  first.start_s = std::max(0.0, first.end_s - usual.longest_s);
}

// The segment begins and ends with its words, unless one of them goes far beyond it.
void fit(Timed& segment, double usual_s) {
  Word& first = segment.words.front();
  if (segment.start_s < first.end_s && segment.start_s - kSlack > first.start_s) {
    first.start_s = std::max(0.0, std::min(first.end_s - usual_s, segment.start_s));
  } else {
    segment.start_s = first.start_s;
  }
  Word& last = segment.words.back();
  if (segment.end_s > last.start_s && segment.end_s + kSlack < last.end_s) {
    last.end_s = std::max(last.start_s + usual_s, segment.end_s);
  } else {
    segment.end_s = last.end_s;
  }
}

double to_hundredths(double seconds) { return std::round(seconds * 100) / 100; }

}  // namespace

std::vector<Timed> without_words(std::span<const Cut> segments) {
  std::vector<Timed> timed;
  for (const Cut& segment : segments) {
    timed.push_back({static_cast<double>(segment.start) / kFramesPerSecond,
                     static_cast<double>(segment.end) / kFramesPerSecond,
                     {}});
  }
  return timed;
}

void time_words(const Model& model, const WindowOfWords& window, std::span<const Cut> segments,
                Decoder& decoder, KvCache& cache, ThreadPool& pool, Cancel& cancel,
                std::vector<Timed>& timed) {
  std::vector<std::size_t> lengths;  // tokens of text of each segment
  std::vector<int> text;
  for (const Cut& segment : segments) {
    const std::size_t before = text.size();
    std::ranges::copy_if(segment.tokens, std::back_inserter(text),
                         [&](int token) { return token < model.tokenizer.eot; });
    lengths.push_back(text.size() - before);
  }
  if (text.empty()) return;
  const Forced forced =
      force(model, window.prompt, text, std::max<std::size_t>(1, window.frames / 2), decoder, cache,
            pool, cancel);
  std::vector<Spelled> words = spell(model.tokenizer, text, window.language);
  std::vector<Said> said =
      say(words, beginnings(forced.followed.view(), cancel), forced.probabilities);
  const Usual usual = usual_of(said);
  shorten_at_sentences(words, usual.longest_s, said);
  join_marks(words);

  const double offset_s = static_cast<double>(window.seek) / kFramesPerSecond;
  double spoken_s = window.spoken_s;
  std::size_t next = 0;
  for (std::size_t i = 0; i < timed.size(); ++i) {
    Timed& segment = timed[i];
    for (std::size_t tokens = 0; next < words.size() && tokens < lengths[i]; ++next) {
      tokens += words[next].tokens;
      if (words[next].text.empty()) continue;  // it has joined another
      segment.words.push_back({to_hundredths(offset_s + said[next].start_s),
                               to_hundredths(offset_s + said[next].end_s), words[next].text,
                               said[next].probability});
    }
    if (segment.words.empty()) continue;
    shorten_behind_pause(segment.words, usual, spoken_s);
    fit(segment, usual.usual_s);
    spoken_s = segment.end_s;
  }
}

double end_of(const std::vector<Timed>& timed) {
  for (auto segment = timed.rbegin(); segment != timed.rend(); ++segment) {
    if (!segment->words.empty()) return segment->words.back().end_s;
  }
  return timed.back().end_s;
}

}  // namespace asrbench::speech
