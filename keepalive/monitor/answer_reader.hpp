// What a director answers, from bytes as they come. Pure.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

namespace keepalive::monitor {

class AnswerReader {
 public:
  enum class Step : std::uint8_t { more, head, whole, fault };

  AnswerReader();
  ~AnswerReader();

  /// Consumes what it understands. head, once: status() and type() are there. fault: this is no HTTP.
  Step take(std::string& bytes);
  /// The other side has closed.
  Step finish();
  unsigned status() const;
  std::string type() const;
  /// It ends with the connection, or comes in chunks: a stream perhaps.
  bool endless() const;
  /// What came of the body since the last call.
  std::string body();
  bool keeps() const;

 private:
  struct Parser;
  std::unique_ptr<Parser> parser_;
  bool told_ = false;
  bool starves_ = false;  // a chunk's head is not whole
};

}  // namespace keepalive::monitor
