// The few errors of the core, each answered differently by a caller, and the one way to throw them.
#pragma once

#include <sstream>
#include <stdexcept>
#include <string>

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

// Throws E with its parts joined: fail<AudioError>("pcm[", i, "] is ", x, "; expected ...").
template <class E, class... Parts>
[[noreturn]] void fail(const Parts&... parts) {
  std::ostringstream message;
  (message << ... << parts);
  throw E(message.str());
}

}  // namespace asrbench
