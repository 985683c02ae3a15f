// The sender between its director and real servers.
#include "sender/sender.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>

#include "alerts.hpp"
#include "post.hpp"

namespace sender_test {

using namespace keepalive;
using namespace keepalive::sender;

namespace {

core::SenderSettings settings(const std::string& server, const std::string& webhook = "") {
  return {.router_id = "lvs1",
          .server = server,
          .from = "lvs1@example.net",
          .to = {"ops@example.net", "boss@example.net"},
          .digest = std::chrono::milliseconds{50},
          .webhook = webhook};
}

bool holds(const std::vector<std::string>& list, const std::string& text) {
  return std::ranges::any_of(list, [&](const std::string& one) { return one.find(text) != one.npos; });
}

}  // namespace

TEST_CASE("an alert goes out as a mail to all, and the director hears of it") {
  MailServer server;
  Director director;
  director.tell(settings(server.url()));
  director.tell(alert("SERVER_DOWN", "web/a"));
  REQUIRE(director.until([&] { return !director.sent.empty(); }));
  CHECK(director.sent == std::vector<core::Sent>{{"mail to ops@example.net, boss@example.net", ""}});
  REQUIRE(server.mails.count() == 1);
  CHECK(holds(server.mails.all(), "\r\nSubject: [lvs1] 1 SERVER_DOWN web/a\r\n"));
  CHECK(holds(server.commands.all(), "MAIL FROM:<lvs1@example.net>"));
  CHECK(holds(server.commands.all(), "RCPT TO:<ops@example.net>"));
  CHECK(holds(server.commands.all(), "RCPT TO:<boss@example.net>"));
}

TEST_CASE("a thousand alerts are one mail, sent as the last word when the director is gone") {
  MailServer server;
  Director director;
  core::SenderSettings slow = settings(server.url());
  slow.digest = std::chrono::hours{1};
  director.tell(slow);
  for (int i = 0; i < 1000; ++i) director.tell(alert("SERVER_DOWN", fmt::format("web/{}", i)));
  director.leave();
  REQUIRE(server.mails.count() == 1);
  CHECK(holds(server.mails.all(), "Subject: [lvs1] 1000 SERVER_DOWN web/0, web/1, web/2, ...\r\n"));
}

TEST_CASE("a mail that is refused is sent again") {
  MailServer server{{"451 later"}};
  Director director;
  director.tell(settings(server.url()));
  director.tell(alert("SERVER_DOWN", "web/a"));
  REQUIRE(director.until([&] { return director.sent.size() == 2; }));
  CHECK(director.sent[0].error.find("451") != std::string::npos);
  CHECK(director.sent[1].error.empty());
  REQUIRE(server.mails.count() == 2);
  CHECK(holds({server.mails.all()[1]}, "SERVER_DOWN web/a"));
}

TEST_CASE("a server that is not there is told of") {
  std::uint16_t port = 0;
  const auto closed = probe_test::bound(SOCK_STREAM, port);
  Director director;
  director.tell(settings("smtp://127.0.0.1:" + std::to_string(port)));
  director.tell(alert("SERVER_DOWN", "web/a"));
  REQUIRE(director.until([&] { return !director.sent.empty(); }));
  CHECK(director.sent[0].error.find("onnect") != std::string::npos);
}

TEST_CASE("a password is never said in the clear") {
  MailServer server{{}, "250-AUTH PLAIN LOGIN\r\n250 8BITMIME\r\n"};
  Director director;
  core::SenderSettings secret = settings(server.url());
  secret.login = "me";
  secret.password = "hidden";
  director.tell(secret);
  director.tell(alert("SERVER_DOWN", "web/a"));
  REQUIRE(director.until([&] { return !director.sent.empty(); }));
  CHECK(!director.sent[0].error.empty());
  CHECK(!holds(server.commands.all(), "AUTH"));
  CHECK(server.mails.count() == 0);
}

TEST_CASE("TLS is tried where it is offered; without login the mail goes without as well") {
  MailServer server{{}, "250-STARTTLS\r\n250 8BITMIME\r\n"};
  Director director;
  director.tell(settings(server.url()));
  director.tell(alert("SERVER_DOWN", "web/a"));
  REQUIRE(director.until([&] { return !director.sent.empty(); }));
  CHECK(holds(server.commands.all(), "STARTTLS"));
  CHECK(director.sent[0].error.empty());
}

TEST_CASE("a webhook gets every alert in its order, again after a failure; its secrets are not told") {
  Webhook hook{{500}};
  Director director;
  director.tell(settings("", hook.url()));
  for (const char* const object : {"a", "b", "c"}) director.tell(alert("SERVER_DOWN", object));
  director.tell(info("SERVER_UP", "x"));
  director.tell(info("SERVER_UP", "b"));
  REQUIRE(director.until([&] { return director.sent.size() == 5; }));
  CHECK(director.sent[0].error == "status 500");
  CHECK(director.sent[1].error.empty());
  CHECK(director.sent[1].what.starts_with("webhook at 127.0.0.1:"));
  CHECK(director.sent[1].what.find("secret") == std::string::npos);
  const auto bodies = hook.bodies.all();
  REQUIRE(bodies.size() == 5);
  const std::array<std::string, 5> objects{"a", "a", "b", "c", "b"};
  for (std::size_t i = 0; i < objects.size(); ++i) {
    CAPTURE(i);
    CHECK(bodies[i].find("\"object\":\"" + objects[i] + "\"") != std::string::npos);
  }
  CHECK(bodies[4].find("SERVER_UP") != std::string::npos);
}

TEST_CASE("what a webhook does not want is given up, the next goes at once") {
  Webhook hook{{400}};
  Director director;
  director.tell(settings("", hook.url()));
  director.tell(alert("SERVER_DOWN", "a"));
  director.tell(alert("SERVER_DOWN", "b"));
  REQUIRE(director.until([&] { return director.sent.size() == 2; }));
  CHECK(director.sent[0].error == "status 400");
  CHECK(director.sent[1].error.empty());
  CHECK(hook.bodies.count() == 2);
}

TEST_CASE("without anything to say it ends with its channel") {
  Director director;
  director.leave();
}

}  // namespace sender_test
