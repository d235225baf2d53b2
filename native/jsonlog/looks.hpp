// What 64 characters look like, a bit for each; each instruction set includes this.
//
// Two tables tell the six marks and the four kinds of white space by the low half of a character:
// it is one of them where the table's entry is the character itself. For the marks bit 5 is set
// before, so that a bracket and a brace are one; some control characters become a mark by it too.
// After it, the including file defines `Looks look(const char*)`. No include guard: it is a body,
// not a header.

struct Looks {
  std::uint64_t quote, backslash;
  std::uint64_t mark;     // {}[]:, and some control characters that are no white space
  std::uint64_t space;    // space, tab, newline, carriage return
  std::uint64_t control;  // all below a space
  std::uint64_t newline;
  std::uint64_t wide;  // not ASCII
};

constexpr char kBit5 = 0x20;
constexpr char kSpaces[16] = {' ', 0, 0, 0, 0, 0, 0, 0, 0, '\t', '\n', 0, 0, '\r', 0, 0};
constexpr char kMarked[16] = {1, 0, 0, 0, 0, 0, 0, 0, 0, 0, ':', '{', ',', '}', 0, 0};
