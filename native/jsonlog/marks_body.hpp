// A scan over words of 64 characters, for an instruction set that says what a word looks like.
//
// Before it, the including file defines `Looks look(const char*)` in its anonymous namespace, by
// looks.hpp. How escapes and strings follow from quotes and backslashes:
// G. Langdale and D. Lemire, "Parsing gigabytes of JSON per second", arXiv:1902.08318, section 3.1.
// Calls nothing of std, as kernels/body.hpp explains. No include guard: it is a body, not a header.

constexpr std::uint64_t kEven = 0x5555555555555555U;

// Bit i is the parity of the bits up to i.
inline std::uint64_t parities(std::uint64_t bits) {
  for (unsigned shift = 1; shift < kMarks; shift *= 2) bits ^= bits << shift;
  return bits;
}

// What one word leaves to the next.
struct Carried {
  std::uint64_t escaped = 0;    // 1: the next character is taken by a backslash
  std::uint64_t in_string = 0;  // all ones: it lies in a string
  std::uint64_t in_scalar = 0;  // 1: it goes on a run of characters
  std::uint64_t refused = 0;    // not 0: the text is not sound
};

// The characters that a backslash takes, but for backslashes. A run of backslashes that begins and
// ends at places of unlike parity is of odd length, and takes what follows it.
inline std::uint64_t escaped(std::uint64_t backslash, Carried& carried) {
  const std::uint64_t first = carried.escaped;
  if (backslash == 0) {
    carried.escaped = 0;
    return first;
  }
  const std::uint64_t runs = backslash & ~first;
  const std::uint64_t starts = runs & ~(runs << 1U);
  const std::uint64_t behind_even = (runs + (starts & kEven)) & ~runs;
  const std::uint64_t behind_odd = (runs + (starts & ~kEven)) & ~runs;
  const std::uint64_t last = ~runs == 0 ? kMarks : static_cast<unsigned>(__builtin_clzll(~runs));
  carried.escaped = last % 2;
  return first | (behind_even & ~kEven) | (behind_odd & kEven);
}

inline void mark_word(const char* text, std::size_t word, const Marks& into, Carried& carried) {
  const Looks looks = look(text);
  const std::uint64_t quote = looks.quote & ~escaped(looks.backslash, carried);
  const std::uint64_t string = parities(quote) ^ carried.in_string;  // with the quote that opens
  carried.in_string = 0 - (string >> 63U);
  carried.refused |= looks.control & (string | ~looks.space);
  const std::uint64_t scalar = ~(looks.mark | looks.space | quote);
  const std::uint64_t goes_on = (scalar << 1U) | carried.in_scalar;
  carried.in_scalar = scalar >> 63U;
  const std::uint64_t begins = looks.mark | (~looks.space & ~goes_on);
  into.tokens[word] = begins & ~(string ^ quote);
  into.newlines[word] = looks.newline;
  into.wide[word] = looks.wide != 0 ? 1 : 0;
}

inline bool mark(const char* text, std::size_t size, const Marks& into) {
  Carried carried;
  const std::size_t words = size / kMarks;
  for (std::size_t word = 0; word < words; ++word) {
    mark_word(text + word * kMarks, word, into, carried);
  }
  if (const std::size_t left = size % kMarks; left != 0) {
    char last[kMarks];
    __builtin_memset(last, ' ', sizeof last);
    __builtin_memcpy(last, text + words * kMarks, left);
    mark_word(last, words, into, carried);
  }
  return carried.refused == 0 && carried.in_string == 0;
}
