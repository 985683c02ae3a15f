#include "probe/http_parser.hpp"

#include <doctest/doctest.h>

#include <ostream>
#include <string>
#include <vector>

namespace http_parser_test {

using keepalive::probe::HttpParser;
using Kind = HttpParser::Kind;

namespace {

struct Read {
  int status = 0;
  std::string body = "";
  std::string end = "";  // "done", "more", or the fault

  friend bool operator==(const Read&, const Read&) = default;
  friend std::ostream& operator<<(std::ostream& out, const Read& read) {
    return out << read.status << " `" << read.body << "' " << read.end;
  }
};

Read read(std::string_view text, std::size_t piece, bool closed = false,
          HttpParser::Method method = HttpParser::Method::other) {
  HttpParser parser{method};
  Read result{.end = "more"};
  const auto take = [&](const HttpParser::Step& step) {
    if (step.kind == Kind::body) result.body += step.text;
    if (step.kind == Kind::fault) result.end = step.text;
    if (step.kind == Kind::done) result.end = "done";
    return step.kind == Kind::body || step.kind == Kind::head;
  };
  while (!text.empty() && result.end == "more") {
    std::string_view bytes = text.substr(0, piece);
    text.remove_prefix(bytes.size());
    while (take(parser.next(bytes))) continue;
  }
  if (closed && result.end == "more") take(parser.end());
  result.status = parser.status();
  return result;
}

struct Row {
  std::string_view text;
  bool closed;
  Read wanted;
};

}  // namespace

TEST_CASE("RFC 9112 6: where an answer's body ends, however it is cut on the way") {
  const std::vector<Row> rows = {
      {"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", false, {200, "hello", "done"}},
      {"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", false, {200, "", "done"}},
      {"HTTP/1.0 200 OK\nContent-Length: 2\n\nhi", false, {200, "hi", "done"}},
      {"HTTP/1.1 200\r\n\r\nall of it", false, {200, "all of it", "more"}},
      {"HTTP/1.1 200\r\n\r\nall of it", true, {200, "all of it", "done"}},
      {"HTTP/1.1 204 No\r\n\r\n", false, {204, "", "done"}},
      {"HTTP/1.1 304 No\r\nContent-Length: 9\r\n\r\n", false, {304, "", "done"}},
      {"HTTP/1.1 100 Go\r\n\r\nHTTP/1.1 503 Not\r\nContent-Length: 1\r\n\r\nx", false, {503, "x", "done"}},
      {"HTTP/1.1 200 OK\r\ntransfer-encoding: gzip, Chunked\r\n\r\n3;a=b\r\nabc\r\n2\r\nde\r\n0\r\nT: x\r\n\r\n",
       false,
       {200, "abcde", "done"}},
      {"HTTP/1.1 200 OK\r\nContent-Length: 9\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", false, {200, "", "done"}},
      {"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhel", true, {200, "hel", "answer ends too early"}},
      {"HTTP/1.1 200 OK\r\nContent-", true, {200, "", "answer ends too early"}},
      {"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n", false, {200, "", "bad Content-Length"}},
      {"HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\n", false, {200, "", "bad Content-Length"}},
      {"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n", false, {200, "", "bad Content-Length"}},
      {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n", false, {200, "", "bad chunk"}},
      {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nabc", false, {200, "a", "more"}},
      {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nabc\r\n", false, {200, "a", "bad chunk"}},
      {"SSH-2.0-OpenSSH_9.2\r\n", false, {0, "", "answer is not HTTP"}},
      {"HTTP/1.1 20 OK\r\n", false, {0, "", "answer is not HTTP"}},
      {"HTTP/1.1 2000 OK\r\n", false, {0, "", "answer is not HTTP"}},
      {"HTTP/2 200 OK\r\n", false, {0, "", "answer is not HTTP"}},
      {"HTTP/1.1 200 OK\r\nno colon\r\n", false, {200, "", "answer is not HTTP"}},
  };
  for (const Row& row : rows)
    for (const std::size_t piece : {std::size_t{1}, std::size_t{2}, std::size_t{7}, row.text.size()}) {
      CAPTURE(row.text);
      CAPTURE(piece);
      CHECK(read(row.text, piece, row.closed) == row.wanted);
    }
}

TEST_CASE("RFC 9110 9.3.2: the answer to HEAD has no body, whatever its headers say") {
  CHECK(read("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", 3, false, HttpParser::Method::head) ==
        Read{200, "", "done"});
}

TEST_CASE("headers without end are a fault, in one line or many, before or after the body") {
  const std::string fault = "headers longer than 16384 bytes";
  const std::string head = "HTTP/1.1 200 OK\r\n";
  std::string lines = head;
  while (lines.size() < 20'000) lines += "X-More: and more\r\n";
  CHECK(read(lines, 1000).end == fault);
  CHECK(read(head + std::string(20'000, 'x'), 1000).end == fault);
  CHECK(read(std::string(20'000, 'x'), 1000).end == fault);
  const std::string chunks = head + "Transfer-Encoding: chunked\r\n\r\n";
  CHECK(read(chunks + std::string(20'000, '0'), 1000).end == fault);
  CHECK(read(chunks + "0\r\n" + lines, 1000).end == fault);
  std::string interim;
  while (interim.size() < 20'000) interim += "HTTP/1.1 100 Continue\r\n\r\n";
  CHECK(read(interim, 1000).end == fault);
}

}  // namespace http_parser_test
