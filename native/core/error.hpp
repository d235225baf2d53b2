// The few errors of the core, each answered differently by a caller, and the one way to throw them.
#pragma once

#include <charconv>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>

namespace asrbench {

struct Error : std::runtime_error {
  using std::runtime_error::runtime_error;
};
struct EngineError : Error {  // this item cannot be worked on
  using Error::Error;
};
struct AudioError : EngineError {  // refuse the utterance
  using EngineError::EngineError;
};
struct DeadlineError : EngineError {  // the deadline passed; the work was stopped
  using EngineError::EngineError;
};
struct ModelError : Error {  // refuse to start
  using Error::Error;
};
struct OptionError : Error {  // an argument outside what the function takes
  using Error::Error;
};
struct Cancelled : Error {  // the caller asked to stop
  using Error::Error;
};

// Text behind text: numbers as a stream writes them, without a stream, which costs more than most
// refused inputs do.
inline void append(std::string& text, std::string_view part) { text += part; }

inline void append(std::string& text, char part) { text += part; }

template <class Number>
  requires std::is_arithmetic_v<Number>
void append(std::string& text, Number part) {
  constexpr int kDigits = 6;  // significant ones
  char digits[32];
  std::to_chars_result end{};
  if constexpr (std::is_floating_point_v<Number>) {
    end = std::to_chars(digits, digits + sizeof digits, part, std::chars_format::general, kDigits);
  } else {
    end = std::to_chars(digits, digits + sizeof digits, part);
  }
  text.append(digits, end.ptr);
}

// An E with its parts joined.
template <class E, class... Parts>
[[nodiscard]] E error_of(const Parts&... parts) {
  std::string message;
  (append(message, parts), ...);
  return E(message);
}

// Throws it: fail<AudioError>("pcm[", i, "] is ", x, "; expected ..."). It holds nothing that would
// have to be destroyed on the way out, at which sanitizers look through the whole stack.
template <class E, class... Parts>
[[noreturn]] void fail(const Parts&... parts) {
  throw error_of<E>(parts...);
}

}  // namespace asrbench
