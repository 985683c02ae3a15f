#include "sender/mail.hpp"

#include <doctest/doctest.h>

#include <string>

#include "alerts.hpp"
#include "sender/hook.hpp"

using namespace keepalive;
using namespace keepalive::sender;

namespace {

const core::SenderSettings settings{
    .router_id = "lvs1", .from = "Keepalive <lvs1@example.net>", .to = {"ops@example.net", "Boss <boss@example.net>"}};
constexpr Time date = std::chrono::microseconds{1'795'512'336'000'250};

std::string text(const Letter& letter, const core::SenderSettings& its = settings) {
  return mail_text(letter, its, date, 3);
}
std::string header(const std::string& mail, const std::string& name) {
  const std::size_t start = mail.find("\r\n" + name + ": ") + name.size() + 4;
  std::size_t end = mail.find("\r\n", start);
  while (mail[end + 2] == ' ') end = mail.find("\r\n", end + 2);
  return mail.substr(start, end - start);
}
std::string body(const std::string& text_of_it) {
  const std::string mail = text({.body = text_of_it});
  return mail.substr(mail.find("\r\n\r\n") + 4);
}

}  // namespace

TEST_CASE("RFC 5322: a mail") {
  CHECK(text({"1 SERVER_DOWN web/a", "one\ntwo\n"}) ==
        "Date: Tue, 24 Nov 2026 09:25:36 +0000\r\n"
        "From: Keepalive <lvs1@example.net>\r\n"
        "To: ops@example.net,\r\n Boss <boss@example.net>\r\n"
        "Message-ID: <1795512336000250.3@lvs1>\r\n"
        "Subject: [lvs1] 1 SERVER_DOWN web/a\r\n"
        "Auto-Submitted: auto-generated\r\n"
        "MIME-Version: 1.0\r\n"
        "Content-Type: text/plain; charset=utf-8\r\n"
        "Content-Transfer-Encoding: quoted-printable\r\n"
        "\r\n"
        "one\r\ntwo\r\n");
}

TEST_CASE("no name becomes a header of its own") {
  core::SenderSettings evil = settings;
  evil.router_id = "a\r\nBcc: x@y\r\n\r\n";
  evil.from = "a@b\r\nBcc: x@y";
  evil.to = {"c@d\nBcc: x@y"};
  const std::string mail = text({"e\r\nBcc: x@y\r\n\r\nboo", ""}, evil);
  CHECK(mail.find("\nBcc") == mail.npos);
  CHECK(mail.find("\r\n\r\n") == mail.size() - 4);
  CHECK(header(mail, "Message-ID") == "<1795512336000250.3@a--Bcc--x-y---->");
}

TEST_CASE("RFC 2047: a subject that is not ASCII is encoded words of at most 75 characters, letters whole") {
  CHECK(header(text({"sch\xC3\xB6n", ""}), "Subject") == "=?UTF-8?B?W2x2czFdIHNjaMO2bg==?=");
  std::string umlauts;
  for (int i = 0; i < 60; ++i) umlauts += "\xC3\xA4";
  const std::string subject = header(text({"x" + umlauts, ""}), "Subject");
  CHECK(subject.find("\r\n ") <= 75);
  CHECK(subject.size() <= 4 * 78);
  // 8 + 18 letters of two bytes are 44: no letter is split.
  CHECK(subject.starts_with(
      "=?UTF-8?B?W2x2czFdIHjDpMOkw6TDpMOkw6TDpMOkw6TDpMOkw6TDpMOkw6TDpMOkw6Q=?=\r\n =?UTF-8?B?w6TD"));
  CHECK(header(text({"=?UTF-8?B?eA==?=", ""}), "Subject").starts_with("=?UTF-8?B?W2x2"));
}

TEST_CASE("a long subject is cut") { CHECK(header(text({std::string(5000, 'x'), ""}), "Subject").size() == 250); }

TEST_CASE("RFC 2045 6.7: quoted-printable") {
  CHECK(body("a=b\tc\xC3\xA4 \n.\n") == "a=3Db=09c=C3=A4=20\r\n.\r\n");
  CHECK(body(std::string(80, 'x') + "\n") == std::string(75, 'x') + "=\r\nxxxxx\r\n");
  CHECK(body(std::string(73, 'x') + "==\n") == std::string(73, 'x') + "=\r\n=3D=3D\r\n");
}

TEST_CASE("an address without its name is what the server is told") {
  CHECK(bare_address("Boss <boss@example.net>") == "boss@example.net");
  CHECK(bare_address("ops@example.net") == "ops@example.net");
  CHECK(bare_address("a@b\r\nDATA") == "a@b  DATA");
}

TEST_CASE("a webhook gets an object with the members of an event") {
  CHECK(hook_text(alert("SERVER_DOWN", "web/a", Alert::Level::alert, "say \"no\""), "lvs1") ==
        R"({"router_id":"lvs1","sequence":7,"time":"2026-11-24T09:25:36.000250Z","level":"alert",)"
        R"("kind":"SERVER_DOWN","object":"web/a","text":"web/a it is","cause":"say \"no\""})"
        "\n");
}
