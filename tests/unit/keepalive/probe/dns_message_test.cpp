#include "probe/dns_message.hpp"

#include <doctest/doctest.h>

#include <string>

namespace dns_message_test {

namespace dns = keepalive::probe::dns;
using namespace std::string_literals;

namespace {

const std::string header = "\x12\x34\x81\x80\0\1\0\1\0\0\0\0"s;
const std::string question = "\3www\7example\3net\0\0\1\0\1"s;

std::optional<dns::Answer> decode(const std::string& bytes) { return dns::decode(base::as_bytes(bytes)); }

/// The data of one record behind the question.
std::string data_of(char type, const std::string& data) {
  const auto answer =
      decode(header + question + "\xc0\x0c\0"s + type + "\0\1\0\0\0\x3c\0"s + static_cast<char>(data.size()) + data);
  return answer ? answer->records.at(0).data : "not an answer";
}

}  // namespace

TEST_CASE("RFC 1035 4.1.2: a question") {
  CHECK(dns::encode(0x1234, {"www.example.net", 1}) == "\x12\x34\1\0\0\1\0\0\0\0\0\0"s + question);
  CHECK(dns::encode(0x1234, {"www.example.net.", 1}) == "\x12\x34\1\0\0\1\0\0\0\0\0\0"s + question);
  CHECK(dns::encode(1, {".", 6}) == "\0\1\1\0\0\1\0\0\0\0\0\0\0\0\6\0\1"s);
  CHECK(!dns::encode(1, {"a..b", 1}));
  CHECK(!dns::encode(1, {"..", 1}));
  CHECK(!dns::encode(1, {std::string(64, 'a'), 1}));
  CHECK(dns::encode(1, {std::string(63, 'a'), 1}));
  std::string longest;
  while (longest.size() < 300) longest += "abcdefgh.";
  CHECK(!dns::encode(1, {longest, 1}));
}

TEST_CASE("RFC 1035 4: what an answer says") {
  CHECK(decode(header + question + "\xc0\x0c\0\1\0\1\0\0\0\x3c\0\4\xc0\0\2\x07"s) ==
        dns::Answer{.id = 0x1234, .question = {"www.example.net", 1}, .records = {{1, "192.0.2.7"}}});
  CHECK(data_of(28, "\xfd"s + std::string(14, '\0') + "\1") == "fd00::1");
  CHECK(data_of(5, "\2ns\xc0\x10"s) == "ns.example.net");
  CHECK(data_of(15, "\0\x0a\4mail\xc0\x10"s) == "mail.example.net");
  CHECK(data_of(33, "\0\1\0\2\0\x50\xc0\x0c"s) == "www.example.net");
  CHECK(data_of(16, "\5hello\6 world"s) == "hello world");
  CHECK(data_of(1, "abc") == "");
  CHECK(data_of(16, "\xff hi"s) == " hi");
}

TEST_CASE("RFC 1035 4.1.4: pointers lead back, never forward or around") {
  CHECK(data_of(5, "\xc0\x2d"s) == "");     // to itself
  CHECK(data_of(5, "\1a\xc0\x2d"s) == "");  // around
  CHECK(data_of(5, "\xc0\xff"s) == "");     // out of the message
  CHECK(data_of(5, "\xc0"s) == "");         // half of one
  CHECK(data_of(5, "\x3f"s) == "");         // a label longer than what is there
  CHECK(data_of(5, "\x80xx"s) == "");       // no label at all
}

TEST_CASE("what is no answer to one question is nothing") {
  const std::string whole = header + question + "\xc0\x0c\0\1\0\1\0\0\0\x3c\0\4\xc0\0\2\x07"s;
  for (std::size_t size = 0; size < whole.size(); ++size) CHECK(!decode(whole.substr(0, size)));
  std::string query = whole;
  query[2] = '\1';
  CHECK(!decode(query));
  std::string two_questions = whole;
  two_questions[5] = '\2';
  CHECK(!decode(two_questions));
}

TEST_CASE("names are the same whatever their case and final dot") {
  CHECK(dns::same_name("WWW.example.net.", "www.example.net"));
  CHECK(!dns::same_name("ww.example.net", "www.example.net"));
  CHECK(dns::type_number("aaaa") == 28);
  CHECK(!dns::type_number("ANY"));
}

}  // namespace dns_message_test
