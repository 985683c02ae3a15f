// HTTP without a socket: requests as bytes, whole and in pieces, good and bad; answers as bytes.
#include "monitor/http.hpp"

#include <doctest/doctest.h>

#include "monitor/answer_reader.hpp"

using namespace keepalive::monitor;

namespace {

/// Everything at once; the status of the fault, or 0.
unsigned verdict(std::string bytes, std::size_t body = longest_body) {
  RequestReader reader;
  for (int i = 0; i < 3; ++i) {
    const auto step = reader.take(bytes);
    if (step == RequestReader::Step::fault) return reader.fault().status;
    if (step == RequestReader::Step::head) reader.allow(body);
    if (step == RequestReader::Step::whole) return 0;
  }
  return 1;  // wants more
}

std::string posted(const std::string& more, const std::string& body = "") {
  return "POST /x HTTP/1.1\r\nHost: h\r\n" + more + "\r\n" + body;
}

}  // namespace

TEST_CASE("a request is the same however it is cut, and the next one follows it") {
  const std::string one =
      "POST /api/login?a=b%20c&d HTTP/1.1\r\nHost: m:8443\r\nOrigin: https://m:8443\r\nCookie: x=1; "
      "__Host-keepalive=abc; y=2\r\nX-CSRF-Token: t\r\nAuthorization: Bearer tok\r\nContent-Type: application/json\r\n"
      "Last-Event-ID: 7\r\nIf-None-Match: \"e\"\r\nContent-Length: 5\r\n\r\nhello";
  for (std::size_t piece = 1; piece < one.size(); ++piece) {
    RequestReader reader;
    std::string waiting;
    int heads = 0;
    bool whole = false;
    for (std::size_t at = 0; at < one.size(); at += piece) {
      waiting += one.substr(at, piece);
      for (auto step = reader.take(waiting); step != RequestReader::Step::more; step = reader.take(waiting)) {
        REQUIRE(step != RequestReader::Step::fault);
        if (step == RequestReader::Step::head) ++heads, reader.allow(100);
        if (step == RequestReader::Step::whole) whole = true;
        if (whole) break;
      }
    }
    CHECK(heads == 1);
    REQUIRE(whole);
    const Request& request = reader.request();
    CHECK(request.method == "POST");
    CHECK(request.path == "/api/login");
    CHECK(request.value("a") == "b c");
    CHECK(request.value("d") == "");
    CHECK_FALSE(request.value("e"));
    CHECK(request.body == "hello");
    CHECK(request.host == "m:8443");
    CHECK(request.origin == "https://m:8443");
    CHECK(request.session == "abc");
    CHECK(request.csrf == "t");
    CHECK(request.token == "tok");
    CHECK(request.content_type == "application/json");
    CHECK(request.last_event == "7");
    CHECK(request.if_none_match == "\"e\"");
    CHECK(request.keep);
  }
  RequestReader reader;
  std::string two = one + "GET / HTTP/1.0\r\n\r\n";
  CHECK(reader.take(two) == RequestReader::Step::head);
  reader.allow(100);
  CHECK(reader.take(two) == RequestReader::Step::whole);
  reader.begin();
  CHECK(reader.take(two) == RequestReader::Step::head);
  reader.allow(100);
  CHECK(reader.take(two) == RequestReader::Step::whole);
  CHECK(reader.request().path == "/");
  CHECK_FALSE(reader.request().keep);
}

TEST_CASE("what is no request, too large or told in two ways is refused") {
  CHECK(verdict("GET / HTTP/1.1\r\nHost: h\r\n\r\n") == 0);
  CHECK(verdict("so what\r\n\r\n") == 400);
  CHECK(verdict(std::string{"\x16\x03\x01\x02\x00\x01", 6} + std::string(100, '\1')) == 400);
  CHECK(verdict("GET / HTTP/1.1\r\n\r\n") == 400);
  CHECK(verdict("GET x HTTP/1.1\r\nHost: h\r\n\r\n") == 400);
  CHECK(verdict("GET http://h/ HTTP/1.1\r\nHost: h\r\n\r\n") == 400);
  CHECK(verdict("GET /#x HTTP/1.1\r\nHost: h\r\n\r\n") == 400);
  CHECK(verdict("GET /\\x HTTP/1.1\r\nHost: h\r\n\r\n") == 400);
  CHECK(verdict("GET /\xc3\xa4 HTTP/1.1\r\nHost: h\r\n\r\n") == 400);
  CHECK(verdict("GET / HTTP/1.1\r\nHost: h\r\nHost: i\r\n\r\n") == 400);
  CHECK(verdict("GET / HTTP/1.1\r\nA: " + std::string(longest_header, 'x') + "\r\n\r\n") == 431);
  CHECK(verdict("GET /" + std::string(longest_header, 'x')) == 431);
  CHECK(verdict(posted("Content-Length: 101\r\n"), 100) == 413);
  CHECK(verdict(posted("Content-Length: 5\r\n", "hello"), 5) == 0);
  CHECK(verdict(posted("Content-Length: 99999999999999999999\r\n")) == 400);
  CHECK(verdict(posted("Content-Length: 1048577\r\n")) == 413);
  CHECK(verdict(posted("Content-Length: -1\r\n")) == 400);
  CHECK(verdict(posted("Content-Length: 5\r\nContent-Length: 6\r\n", "hello")) == 400);
  CHECK(verdict(posted("Transfer-Encoding: chunked\r\n", "5\r\nhello\r\n0\r\n\r\n")) == 411);
  CHECK(verdict(posted("Transfer-Encoding: chunked\r\nContent-Length: 5\r\n", "hello")) != 0);
  CHECK(verdict("GET / HTTP/1.1\r\nHost: h\r\nX\r\n y: z\r\n\r\n") == 400);
}

TEST_CASE("every answer has the strict headers; none splits it in two") {
  Answer answer = fault_answer(404, "no \"x\"\r\nSet-Cookie: y");
  answer.headers = {{"ETag", "a\r\nSet-Cookie: x"}, {"Allow", "GET"}};
  const std::string head = answer_head(answer, answer.body->size(), true);
  CHECK(*answer.body == "{\"error\":\"no \\\"x\\\"\\r\\nSet-Cookie: y\"}\n");
  CHECK(head.starts_with("HTTP/1.1 404 Not Found\r\nContent-Type: application/json\r\nCache-Control: no-store\r\n"));
  CHECK(head.find("Set-Cookie") == std::string::npos);
  for (const auto* const line :
       {"Allow: GET", "Strict-Transport-Security: max-age=31536000", "X-Content-Type-Options: nosniff",
        "Referrer-Policy: no-referrer", "Cross-Origin-Opener-Policy: same-origin",
        "Cross-Origin-Resource-Policy: same-origin",
        "Content-Security-Policy: default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
        "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"})
    CHECK(head.find(std::string{"\r\n"} + line + "\r\n") != std::string::npos);
  CHECK(head.find("Connection: close") == std::string::npos);
  CHECK(answer_head(answer, std::nullopt, true).find("Connection: close\r\n") != std::string::npos);
}

TEST_CASE("a director's answer comes in pieces, with a length, in chunks or until it closes") {
  const auto read = [](std::string bytes, bool closes) {
    AnswerReader reader;
    std::string body;
    std::string in;
    for (const char c : bytes) {
      in += c;
      const auto step = reader.take(in);
      if (step == AnswerReader::Step::fault) return std::string{"fault"};
      body += reader.body();
      if (step == AnswerReader::Step::whole) return "whole:" + body;
    }
    if (!closes) return "more:" + body;
    return (reader.finish() == AnswerReader::Step::whole ? "whole:" : "cut:") + body;
  };
  CHECK(read("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc", false) == "whole:abc");
  CHECK(read("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nabc", true) == "cut:abc");
  CHECK(read("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n1\r\nd\r\n", false) == "more:abcd");
  CHECK(read("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n", false) == "whole:abc");
  CHECK(read("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nabc", true) == "whole:abc");
  CHECK(read("nonsense\r\n\r\n", true) == "fault");
}

TEST_CASE("a director's answer in chunks may come byte by byte") {
  for (const std::string chunks : {"0\r\n\r\n", "2\r\n{}\r\n0\r\n\r\n", "0\r\nTrailer: x\r\n\r\n"}) {
    CAPTURE(chunks);
    AnswerReader reader;
    AnswerReader::Step step = AnswerReader::Step::more;
    std::string bytes;
    for (const char c : "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks) {
      bytes += c;
      step = reader.take(bytes);
      CHECK(step != AnswerReader::Step::fault);
    }
    CHECK(step == AnswerReader::Step::whole);
    CHECK(reader.body() == (chunks.starts_with('2') ? "{}" : ""));
  }
}
