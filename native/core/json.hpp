// Walks a JSON text (RFC 8259) that may be hostile: one pass, bounded depth, no tree.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace asrbench {

// Every refusal is a ModelError that names the text, the offset and what was expected there.
class JsonWalker {
 public:
  JsonWalker(std::string_view text, std::string_view name) : text_(text), name_(name) {}

  // Steps into an array or object; then `next` is true as long as another member follows.
  void enter(char bracket);
  [[nodiscard]] bool next(char closing);

  [[nodiscard]] std::string key();     // with its colon
  [[nodiscard]] std::string string();  // in UTF-8
  [[nodiscard]] std::int64_t integer();
  [[nodiscard]] bool null();  // steps over a null, if one is next
  void skip();                // any value
  void end();                 // only white space may follow

 private:
  static constexpr int kMaxDepth = 64;

  [[noreturn]] void refuse(std::string_view expected) const;
  void space();
  [[nodiscard]] char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  void take(char c);
  void skip(int depth);
  void skip_number();
  void escape(std::string& into);
  [[nodiscard]] std::uint32_t hex4();

  std::string_view text_;
  std::string_view name_;
  std::size_t at_ = 0;
  bool first_ = true;
};

}  // namespace asrbench
