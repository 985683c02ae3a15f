// JSON text written straight away: an answer about 20,000 servers costs no tree in memory, and the loop little time.
//
//   Json json;
//   json.object([&] {
//     json.member("name", "web");
//     json.array("servers", [&] { for (…) json.value(…); });
//   });
//   std::move(json).text();
#pragma once

#include <charconv>
#include <concepts>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace keepalive::core {

class Json {
 public:
  template <std::invocable Members>
  void object(Members&& members) {
    within('{', '}', members);
  }
  template <std::invocable Items>
  void array(Items&& items) {
    within('[', ']', items);
  }
  template <std::invocable Members>
  void object(std::string_view name, Members&& members) {
    key(name);
    within('{', '}', members);
  }
  template <std::invocable Items>
  void array(std::string_view name, Items&& items) {
    key(name);
    within('[', ']', items);
  }
  /// `name`: plain letters.
  template <class Value>
  void member(std::string_view name, const Value& content) {
    key(name);
    value(content);
  }

  /// Bytes that are no UTF-8 become U+FFFD: what servers answer stands in here.
  void value(std::string_view content);
  void value(const char* content) { value(std::string_view{content}); }
  void value(const std::string& content) { value(std::string_view{content}); }
  void value(std::nullptr_t) { word("null"); }
  void value(bool content) { word(content ? "true" : "false"); }
  void value(std::integral auto number) {
    char digits[24];
    word({digits, std::to_chars(digits, digits + sizeof digits, number).ptr});
  }
  template <class Value>
  void value(const std::optional<Value>& content) {
    if (content)
      value(*content);
    else
      value(nullptr);
  }

  std::size_t size() const { return text_.size(); }
  std::string text() && { return std::move(text_); }

 private:
  template <class Inner>
  void within(char open, char close, Inner& inner) {
    comma();
    text_ += open;
    first_ = true;
    inner();
    text_ += close;
    first_ = false;
  }
  void comma() {
    if (!first_) text_ += ',';
    first_ = false;
  }
  void key(std::string_view name) {
    comma();
    text_.append(1, '"').append(name).append("\":");
    first_ = true;  // no comma before the value
  }
  void word(std::string_view content) {
    comma();
    text_ += content;
  }

  std::string text_ = "";
  bool first_ = true;
};

}  // namespace keepalive::core
