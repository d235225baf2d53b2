// Why a line is bad: the words that users, the oracle and the table of the dialect share.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace asrbench::jsonlog {

enum class Reason : std::uint8_t {
  kNone,       // the line is sound
  kLong,       // more bytes than the cap
  kControl,    // a control character other than tab, carriage return and newline
  kUtf8,       // not UTF-8
  kString,     // a string that does not end, holds a bare control character or a wrong escape
  kObject,     // no JSON object
  kStructure,  // tokens that follow each other as in no JSON
  kDepth,      // nested deeper than kMaxDepth
  kNumber,     // a number that is not JSON's, or too large for a double
  kType,       // a field that was asked for is of another type
  kTruncated,  // the last line, which no newline ends, breaks off
  kMissing,    // by rule: a field is not there, or null
  kRange,      // by rule: a number lies outside its bounds
  kChoice,     // by rule: a text is none of those allowed
  kCount,
};

inline constexpr auto kReasonNames = std::to_array<std::string_view>(
    {"", "long", "control", "utf-8", "string", "object", "structure", "depth", "number", "type",
     "truncated", "missing", "range", "choice"});
static_assert(kReasonNames.size() == static_cast<std::size_t>(Reason::kCount));

[[nodiscard]] inline std::string_view name_of(Reason reason) {
  return kReasonNames[static_cast<std::size_t>(reason)];
}

inline constexpr std::size_t kMaxDepth = 256;  // objects and arrays within each other, a line's own
                                               // object counted

}  // namespace asrbench::jsonlog
