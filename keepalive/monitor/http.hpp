// HTTP/1.1 without a socket: bytes to requests, answers to bytes. Pure.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace keepalive::monitor {

constexpr std::uint32_t longest_header = 8192;
constexpr std::size_t longest_body = 1U << 20U;

struct Request {
  std::string method = "";
  std::string path = "";   // as it came, without the query
  std::string query = "";  // as it came
  std::string body = "";
  std::string host = "";
  std::string origin = "";
  std::string content_type = "";
  std::string session = "";  // the cookie
  std::string csrf = "";
  std::string token = "";  // Bearer
  std::string by = "";     // X-Keepalive-By: for whom another monitor asks
  std::string if_none_match = "";
  std::string last_event = "";
  bool packed = false;  // the answer may come as gzip
  bool keep = false;    // the connection, after the answer

  /// One value of the query, its escapes taken back; nothing: it is not there or not well escaped.
  std::optional<std::string> value(std::string_view name) const;
};

struct HttpFault {
  unsigned status = 0;
  std::string_view text = {};
};

/// Takes bytes as they come and gives one request after the other.
class RequestReader {
 public:
  enum class Step : std::uint8_t { more, head, whole, fault };

  RequestReader();
  ~RequestReader();

  /// Consumes what it understands of `bytes`. head, once: look at request(), then say by allow() how long a body may
  /// be and go on. whole: request() is complete; begin() before the next. fault: answer fault(), and close.
  Step take(std::string& bytes);
  void allow(std::size_t body);
  void begin();
  Request& request() { return request_; }
  const HttpFault& fault() const { return fault_; }
  /// The client waits for "100 Continue".
  bool hesitates() const;
  /// Something of a request is there.
  bool begun() const;

 private:
  struct Parser;
  Step fail(unsigned status, std::string_view text);
  Step take_head(std::string& bytes);
  void read_head();

  std::unique_ptr<Parser> parser_;
  Request request_ = {};
  HttpFault fault_ = {};
  bool told_ = false;      // the head
  bool too_long_ = false;  // the body
};

struct Answer {
  unsigned status = 200;
  std::string_view type = "application/json";
  std::shared_ptr<const std::string> body = nullptr;
  std::shared_ptr<const std::string> packed = nullptr;                 // the same as gzip, for who takes that
  std::vector<std::pair<std::string_view, std::string>> headers = {};  // more
  /// never: nobody keeps it. asked: the browser asks by its ETag whether it is still so. always: its path changes with
  /// what it holds.
  enum class Kept : std::uint8_t { never, asked, always };
  Kept kept = Kept::never;
};
Answer json_answer(std::string body, unsigned status = 200);
/// The same made small if that is `wanted` and it is large enough for that to pay. Not for what holds a secret beside the
/// text of others: its length would tell of it (BREACH).
Answer packed_answer(std::string body, bool wanted, unsigned status = 200);
/// {"error": text}
Answer fault_answer(unsigned status, std::string_view text);

/// The head with all that browsers are told at each answer. `length`: nothing for a stream, which ends with the
/// connection.
std::string answer_head(const Answer& answer, std::optional<std::size_t> length, bool keep);

}  // namespace keepalive::monitor
