// Logins and sessions that somebody else made, stole or kept too long; certificates and TLS that are not good enough.
#include <doctest/doctest.h>
#include <fmt/format.h>
#include <openssl/ssl.h>

#include <string>

#include "monitor/users.hpp"
#include "scene.hpp"

using namespace keepalive;
using namespace monitor_test;

namespace {

const std::string drain = "/api/d/local/v1/servers/web%2Fb/drain";

std::string cookie(const std::string& value) { return "Cookie: __Host-keepalive=" + value + "\r\n"; }

/// The text without the line that begins so.
std::string without(const std::string& text, const std::string& begin) {
  const std::size_t at = text.find(begin);
  return text.substr(0, at) + text.substr(text.find('\n', at) + 1);
}

std::string login_body(const std::string& user) { return fmt::format(R"({{"user":"{0}","password":"{0}"}})", user); }

}  // namespace

TEST_CASE("a session's cookie is ours alone: none that is forged, cut, longer or planted is taken") {
  Scene scene;
  const Login login = log_in(scene, "vera");
  const std::string id = login.cookie.substr(login.cookie.find('=') + 1);
  CHECK(ask(scene, get("/api/session", cookie(id))).status == 200);
  std::string other = id;
  other.back() = other.back() == '0' ? '1' : '0';
  for (const std::string& forged :
       {std::string{}, std::string{"vera"}, std::string(32, '0'), id.substr(1), id + "0", other, "\"" + id + "\""})
    CHECK(ask(scene, get("/api/session", cookie(forged))).status == 401);
  CHECK(ask(scene, get("/api/session", "Cookie: keepalive=" + id + "\r\n")).status == 401);
  CHECK(ask(scene, get("/api/session?session=" + id)).status == 401);
  CHECK(ask(scene, get("/api/session", "Cookie: a=b; __Host-keepalive=" + id + "; c=d\r\n")).status == 200);
}

TEST_CASE("who logs in gets a new session, whatever cookie he brings, and the one he brought is over") {
  Scene scene;
  const std::string planted(32, 'a');
  const Heard first = ask(scene, post("/api/login", login_body("vera"), cookie(planted)));
  REQUIRE(first.status == 200);
  CHECK(first.headers.at("set-cookie").find(planted) == std::string::npos);
  CHECK(ask(scene, get("/api/session", cookie(planted))).status == 401);
  const Login before = log_in(scene, "vera");
  const Heard again = ask(scene, post("/api/login", login_body("olaf"), "Cookie: " + before.cookie + "\r\n"));
  REQUIRE(again.status == 200);
  CHECK(ask(scene, get("/api/session", as(before))).status == 401);
  CHECK(again.body.find(before.csrf) == std::string::npos);
}

TEST_CASE("a session that was logged out is over, its streams as well, however often its cookie comes back") {
  Scene scene;
  const Login gone = log_in(scene, "vera");
  const Login other = log_in(scene, "vera");
  Client stream{scene.port()};
  stream.say(get("/api/stream", as(gone)));
  REQUIRE(stream.answer()->status == 200);
  CHECK(ask(scene, post("/api/logout", "{}", as(gone))).status == 200);
  CHECK(stream.closed());
  for (int i = 0; i < 3; ++i) CHECK(ask(scene, get("/api/session", as(gone))).status == 401);
  CHECK(ask(scene, get("/api/session", as(other))).status == 200);
}

TEST_CASE("CSRF: no token, another session's, another site, a form: nothing reaches the director") {
  Scene scene;
  const Login olaf = log_in(scene, "olaf");
  const Login anna = log_in(scene, "anna");
  const std::string jar = "Cookie: " + olaf.cookie + "\r\n";
  CHECK(ask(scene, post(drain, "{}", jar)).status == 403);
  CHECK(ask(scene, post(drain, "{}", jar + "X-CSRF-Token: \r\n")).status == 403);
  CHECK(ask(scene, post(drain, "{}", jar + "X-CSRF-Token: " + anna.csrf + "\r\n")).status == 403);
  CHECK(ask(scene, post(drain + "?csrf=" + olaf.csrf, "{}", jar)).status == 403);
  for (const auto* const origin : {"https://evil", "http://m", "https://m.evil", "https://m:8443", "null"})
    CHECK(ask(scene, post(drain, "{}", as(olaf) + "Origin: " + origin + "\r\n")).status == 403);
  for (const auto* const type : {"application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/plain",
                                 "text/plain; application/json", ""})
    CHECK(ask(scene, "POST " + drain + " HTTP/1.1\r\nHost: m\r\n" + as(olaf) + "Content-Type: " + type +
                         "\r\nContent-Length: 2\r\n\r\n{}")
              .status == 415);
  for (const auto* const method : {"GET", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"})
    CHECK(ask(scene, std::string{method} + " " + drain + " HTTP/1.1\r\nHost: m\r\n" + as(olaf) + "\r\n").status == 405);
  CHECK(scene.count("POST") == 0);
  CHECK(ask(scene, post(drain, "{}", as(olaf))).status == 200);
  CHECK(scene.count("POST") == 1);
}

TEST_CASE("another password ends the user's sessions, and so does another role or a last day that is over") {
  const auto change = [](const std::string& line) {
    Scene scene;
    const Login vera = log_in(scene, "vera");
    const Login olaf = log_in(scene, "olaf");
    CHECK(ask(scene, get("/api/session", as(vera))).status == 200);
    scene.set([&](Monitor& settings) { settings.users = without(users(), "vera:") + line; });
    CHECK(until([&] { return ask(scene, get("/api/session", as(vera))).status == 401; }));
    CHECK(ask(scene, get("/api/session", as(olaf))).status == 200);
  };
  const std::size_t at = users().find("vera:");
  const std::string line = users().substr(at, users().find('\n', at) - at);
  const std::string other = monitor::change_hash(users(), "vera", "$y$j9T$other$0000").value();
  change(other.substr(other.find("vera:"), other.find('\n', other.find("vera:")) - other.find("vera:")) + "\n");
  change("vera:operator" + line.substr(line.rfind(":$")) + "\n");
  change(line + ":2001-01-01\n");
  change("");
}

TEST_CASE("a token counts with its role until its last day, and no more when its line is gone") {
  const auto line = [](const std::string& day) {
    return "token:n:operator:" + monitor::token_hash("kal_n") + ":" + day + "\n";
  };
  const std::string bearer = "Authorization: Bearer kal_n\r\n";
  Scene scene{[&](Monitor& settings) { settings.users = users() + line("2099-12-31"); }};
  CHECK(ask(scene, post(drain, "{}", bearer)).status == 200);
  CHECK(ask(scene, post("/api/d/local/v1/reload", "{}", bearer)).status == 403);
  CHECK(ask(scene, get("/api/session", "Authorization: bearer kal_n\r\n")).status == 401);
  CHECK(ask(scene, get("/api/session", "Authorization: Basic a2FsX246\r\n")).status == 401);
  CHECK(ask(scene, get("/api/session?token=kal_n")).status == 401);
  Client stream{scene.port()};
  stream.say(get("/api/stream", bearer));
  REQUIRE(stream.answer()->status == 200);
  scene.set([&](Monitor& settings) { settings.users = users() + line("2001-01-01"); });
  CHECK(until([&] { return ask(scene, get("/api/session", bearer)).status == 401; }));
  CHECK(stream.closed());
  scene.set([&](Monitor& settings) { settings.users = users() + line("2099-12-31"); });
  CHECK(until([&] { return ask(scene, get("/api/session", bearer)).status == 200; }));
  scene.set([&](Monitor& settings) { settings.users = users(); });
  CHECK(until([&] { return ask(scene, get("/api/session", bearer)).status == 401; }));
}

TEST_CASE("certificates that have ended, are revoked, or were made for servers open nothing") {
  Scene scene;
  const auto login = [&](const std::string& certificate) {
    Client client{scene.port(), {.certificate = certificate}};
    client.say(post("/api/login", "{}"));
    const auto heard = client.answer();
    return heard ? heard->status : 0;
  };
  struct Row {
    std::string name;
    Issue how;
    unsigned status;
  };
  const Row rows[] = {
      {"vera", {}, 200},
      {"vera", {.lists = true}, 200},
      {"vera", {.purpose = "clientAuth"}, 200},
      {"vera", {.until = -60}, 0},
      {"vera", {.purpose = "serverAuth"}, 0},
      {"vera", {.lists = true, .revoked = true}, 0},
      {"nobody", {}, 401},
      {std::string{"vera\0x", 6}, {}, 401},
  };
  for (const Row& row : rows) {
    CAPTURE(&row - rows);
    const Issued issued = issue(row.name, row.how);
    scene.set([&](Monitor& settings) { settings.client_ca = issued.ca; });
    REQUIRE(until([&] { return login(issued.fellow) == 200; }));
    CHECK(login(issued.certificate) == row.status);
  }
}

TEST_CASE("TLS 1.2 has forward secrecy and authenticated ciphers alone, and no second handshake") {
  Scene scene;
  for (const auto* const ciphers : {"AES128-SHA", "AES256-GCM-SHA384", "ECDHE-ECDSA-AES128-SHA256", "NULL:@SECLEVEL=0",
                                    "ADH-AES256-GCM-SHA384:@SECLEVEL=0", "DHE-RSA-AES256-GCM-SHA384"})
    CHECK_FALSE(Client{scene.port(), {.version = TLS1_2_VERSION, .ciphers = ciphers}}.secure());
  Client client{scene.port(), {.version = TLS1_2_VERSION, .ciphers = "ECDHE+AESGCM"}};
  REQUIRE(client.secure());
  CHECK(client.renegotiation_refused());
}

TEST_CASE("requests that two readers could take for different ones are refused, and nothing behind them is read") {
  Scene scene;
  const std::string smuggled = post(drain, "{}", "Authorization: Bearer kal_a\r\n");
  const std::string begin = "POST /api/login HTTP/1.1\r\nHost: m\r\nContent-Type: application/json\r\n";
  for (const std::string& headers :
       {std::string{"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"},
        std::string{"Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n"},
        std::string{"Transfer-Encoding: identity\r\nContent-Length: 2\r\n\r\n{}"},
        std::string{"Transfer-Encoding : chunked\r\nContent-Length: 2\r\n\r\n{}"},
        std::string{"Content-Length: 2\r\nContent-Length: 100\r\n\r\n{}"},
        std::string{"Content-Length: 2, 100\r\n\r\n{}"}, std::string{"Content-Length: +2\r\n\r\n{}"},
        std::string{"Content-Length: 0x2\r\n\r\n{}"}, std::string{"Content-Length : 2\r\n\r\n{}"}}) {
    CAPTURE(headers);
    Client client{scene.port()};
    client.say(begin + headers + smuggled);
    const auto heard = client.answer();
    REQUIRE(heard);
    CHECK((heard->status == 400 || heard->status == 411));
    CHECK(client.closed());
  }
  Client lineless{scene.port()};
  lineless.say("GET / HTTP/1.1\nHost: m\n\n" + smuggled);
  lineless.answer();
  CHECK(scene.count("POST") == 0);
}

TEST_CASE("what servers and checks say stays text: JSON, not sniffed, under a policy without inline script") {
  Scene scene;
  const std::string evil =
      R"({"router_id":"a","sequence":0,"pools":[],"services":[{"name":"</script><script>alert(1)</script>","state":"up","active":0,"inactive":0,"counters":[0,0,0,0,0]}]})";
  scene.overview(evil);
  Heard heard;
  CHECK(until([&] {
    heard = ask(scene, get("/api/cluster", "Authorization: Bearer kal_v\r\n"));
    return heard.body.find("alert(1)") != std::string::npos;
  }));
  for (const auto& [name, value] : {std::pair{"content-type", "application/json"},
                                    {"x-content-type-options", "nosniff"},
                                    {"cache-control", "no-store"},
                                    {"x-frame-options", "DENY"}})
    CHECK(heard.headers.at(name) == value);
  CHECK(heard.headers.at("content-security-policy").find("unsafe") == std::string::npos);
  const Heard missing = ask(scene, get("/<script>alert(1)</script>"));
  CHECK(missing.status == 404);
  CHECK(missing.body.find("alert") == std::string::npos);
  const Heard role = ask(scene, get("/api/d/%3Cscript%3E/v1/status", "Authorization: Bearer kal_v\r\n"));
  CHECK(role.status == 404);
  CHECK(role.body.find("script") == std::string::npos);
}

TEST_CASE("escapes in a director's path stay what they are: no other path, no other director") {
  Scene scene;
  const std::string bearer = "Authorization: Bearer kal_a\r\n";
  for (const auto* const path :
       {"/api/d/local/%2e%2e/v1/reload", "/api/d/local/v1/servers/%2e%2e/drain/../../reload", "/api/d/%00/v1/reload",
        "/api/d/local%00/v1/reload", "/api/d/local/v1/%72eload", "/api/d/local/v1/reload%00",
        "/api/d/lo%63al%2F/v1/reload", "/api/d/local/v1/config/../reload", "/api/d/local//v1/reload"})
    CHECK(ask(scene, post(path, "{}", bearer)).status == 404);
  CHECK(scene.count("POST") == 0);
  for (const auto* const name : {"%2e%2e", "%00", "..%2F..%2Freload", "%252e%252e"}) {
    CHECK(ask(scene, post(fmt::format("/api/d/local/v1/servers/{}/drain", name), "{}", bearer)).status == 200);
    CHECK(scene.count(fmt::format("POST /v1/servers/{}/drain {{}}", name)) == 1);
  }
}
