#include "answer.hpp"

#include <doctest/doctest.h>

#include <vector>

namespace keepalive::ctl {
namespace {

struct Outcome {
  bool good = false;
  unsigned status = 0;
  std::string body = "";

  friend bool operator==(const Outcome&, const Outcome&) = default;
};

/// The bytes in pieces of a size, then the end.
Outcome read(std::string_view bytes, std::size_t piece) {
  Answer answer;
  Outcome outcome;
  for (; !bytes.empty(); bytes.remove_prefix(std::min(piece, bytes.size()))) {
    if (!answer.take(bytes.substr(0, piece))) return {};
    outcome.body += answer.body();
  }
  outcome.good = answer.end();
  outcome.status = answer.status();
  return outcome;
}

TEST_CASE("RFC 9112 6: the body by length, by chunks, or until the end, in whatever pieces it comes") {
  struct Row {
    std::string_view bytes;
    Outcome outcome;
  };
  const Row rows[] = {
      {"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", {true, 200, "hello"}},
      {"HTTP/1.1 404 Not Found\r\nServer: x\r\ncontent-length:  2 \r\n\r\nno", {true, 404, "no"}},
      {"HTTP/1.1 200\r\nContent-Length: 0\r\n\r\n", {true, 200, ""}},
      {"HTTP/1.1 200 OK\r\n\r\nall of it", {true, 200, "all of it"}},
      {"HTTP/1.1 200 OK\r\nTransfer-Encoding: Chunked\r\n\r\n5\r\nhello\r\nA;x=y\r\n 0123 5678\r\n0\r\nT: x\r\n\r\n",
       {true, 200, "hello 0123 5678"}},
      {"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello", {false, 200, "hello"}},
      {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n", {false, 200, "hello"}},
      {"HTTP/1.1 200 OK\r\nContent-Le", {false, 0, ""}},
      {"", {false, 0, ""}},
  };
  for (const Row& row : rows)
    for (const std::size_t piece : {1, 3, 7, 1000}) {
      CAPTURE(std::string{row.bytes});
      CAPTURE(piece);
      CHECK((read(row.bytes, piece) == row.outcome));
    }
}

TEST_CASE("what is no answer is refused") {
  for (const std::string_view bytes : {"SSH-2.0-OpenSSH\r\n\r\n", "HTTP/1.1 abc\r\n\r\n", "HTTP/1.1\r\n\r\n",
                                       "HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n",
                                       "HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\n",
                                       "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"}) {
    CAPTURE(std::string{bytes});
    CHECK_FALSE(Answer{}.take(bytes));
  }
  CHECK_FALSE(Answer{}.take("HTTP/1.1 200 OK\r\n" + std::string(70'000, 'x')));
}

}  // namespace
}  // namespace keepalive::ctl
