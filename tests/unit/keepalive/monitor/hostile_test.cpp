// Visitors that mean harm.
#include <doctest/doctest.h>
#include <fmt/format.h>
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <vector>

#include "monitor/server.hpp"
#include "scene.hpp"

using namespace keepalive;
using namespace monitor_test;

TEST_CASE("TLS before 1.2 is refused; 1.2 and 1.3 are spoken") {
  Scene scene;
  CHECK_FALSE(Client{scene.port(), {.version = TLS1_VERSION}}.secure());
  CHECK_FALSE(Client{scene.port(), {.version = TLS1_1_VERSION}}.secure());
  CHECK(Client{scene.port(), {.version = TLS1_2_VERSION}}.version() == "TLSv1.2");
  CHECK(Client{scene.port()}.version() == "TLSv1.3");
}

TEST_CASE("plain HTTP is told what the port speaks") {
  Scene scene;
  const int fd = Client::dial(scene.port());
  const std::string request = "GET / HTTP/1.1\r\nHost: m\r\n\r\n";
  REQUIRE(::send(fd, request.data(), request.size(), 0) > 0);
  std::string heard(1000, '\0');
  const ssize_t size = ::recv(fd, heard.data(), heard.size(), MSG_WAITALL);
  REQUIRE(size > 0);
  heard.resize(static_cast<std::size_t>(size));
  CHECK(heard.starts_with("HTTP/1.1 400 Bad Request\r\n"));
  const std::string body = "This port speaks https, not http.\r\n";
  CHECK(heard.ends_with("\r\n\r\n" + body));
  CHECK(heard.find("Content-Length: " + std::to_string(body.size()) + "\r\n") != std::string::npos);
  ::close(fd);
}

TEST_CASE("no path leads to a file") {
  Scene scene;
  for (const auto* const path : {"/../../etc/passwd", "/..%2f..%2fetc/passwd", "/%2e%2e/etc/passwd", "//etc/passwd",
                                 "/etc/passwd", "/.", "/index.html/", "/index.html%00", "/./index.html", "/js/",
                                 "/api/../index.html", "/api/d/..%2f/v1/status", "/api/d/local/v1/../../../etc/passwd"})
    CHECK(ask(scene, get(path, "Authorization: Bearer kal_a\r\n")).status == 404);
}

TEST_CASE("what a request says comes back in no header, and in no second answer") {
  Scene scene;
  const Heard heard = ask(scene, get("/x%0d%0aSet-Cookie:%20a=b"));
  CHECK(heard.status == 404);
  CHECK_FALSE(heard.headers.contains("set-cookie"));
  CHECK(ask(scene, post("/api/d/local/v1/servers/x%0d%0aEvil:%201/drain", "{}", "Authorization: Bearer kal_o\r\n"))
            .status == 200);
  CHECK(scene.count("POST /v1/servers/x%0d%0aEvil:%201/drain {}") == 1);
}

TEST_CASE("too large or too strange a request is refused and the connection closed") {
  Scene scene;
  const auto refused = [&](const std::string& request) {
    Client client{scene.port()};
    client.say(request);
    const auto heard = client.answer();
    CHECK(client.closed());
    return heard ? heard->status : 0;
  };
  CHECK(refused("GET / HTTP/1.1\r\nA: " + std::string(10'000, 'x') + "\r\n\r\n") == 431);
  CHECK(refused(post("/api/login", std::string(5000, ' '))) == 413);
  CHECK(refused("POST /api/login HTTP/1.1\r\nHost: m\r\nContent-Length: 2000000\r\n\r\n") == 413);
  CHECK(refused("nonsense\r\n\r\n") == 400);
  CHECK(refused("POST /api/login HTTP/1.1\r\nHost: m\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n") == 411);
  const std::string large(1'000'000, ' ');
  CHECK(ask(scene, post("/api/d/local/v1/config/check", large, "Authorization: Bearer kal_a\r\n")).status == 200);
}

TEST_CASE("many requests in one write are answered one after the other") {
  Scene scene;
  Client client{scene.port()};
  std::string requests;
  for (int i = 0; i < 200; ++i) requests += get("/api/session");
  client.say(requests);
  for (int i = 0; i < 200; ++i) REQUIRE(client.answer()->status == 401);
  client.say(get("/"));
  CHECK(client.answer()->status == 200);
}

TEST_CASE("a client's certificate is a login where its authority is known; a stranger's is none") {
  const Issued ours = issue("vera");
  const Issued other = issue("vera");
  Scene scene{[&](Monitor& settings) { settings.client_ca = ours.ca; }};
  Client stranger{scene.port(), {.certificate = other.certificate}};
  stranger.say(post("/api/login", "{}"));
  CHECK_FALSE(stranger.answer());  // TLS 1.3 tells a client so after its handshake
  Client vera{scene.port(), {.certificate = ours.certificate}};
  vera.say(post("/api/login", R"({"user":"anna","password":"anna"})"));
  CHECK(vera.answer()->status == 401);
  vera.say(post("/api/login", R"({"user":"anna"})"));
  CHECK(vera.answer()->status == 401);
  vera.say(post("/api/login", "{}"));
  const auto heard = vera.answer();
  CHECK(heard->status == 200);
  CHECK(heard->body.find("\"user\":\"vera\",\"role\":\"viewer\"") != std::string::npos);
  CHECK(ask(scene, post("/api/login", "{}")).status == 400);
  CHECK(log_in(scene, "vera").csrf.size() == 32);
}

TEST_CASE("hostile connections are bounded, the oldest go first, and users are served meanwhile") {
  Scene scene;
  const Login login = log_in(scene, "vera");
  Client viewer{scene.port()};
  viewer.say(get("/api/stream", as(login)));
  REQUIRE(viewer.answer()->status == 200);
  std::vector<int> silent;
  for (std::size_t i = 0; i < monitor::Server::most_of_origin + 50; ++i) {
    silent.push_back(Client::dial(scene.port()));
    REQUIRE(silent.back() >= 0);
  }
  CHECK(ask(scene, get("/api/session", as(login))).status == 200);
  char byte = 0;
  const auto closed = [&](int fd) { return ::recv(fd, &byte, 1, MSG_DONTWAIT) == 0; };
  CHECK(std::count_if(silent.begin(), silent.end(), closed) >= 50);  // before their time is over
  CHECK(closed(silent.front()));
  REQUIRE(until([&] { return scene.journal("{\"sequence\":2}\n"); }));
  CHECK(viewer.hear("event: journal").find("event: journal") != std::string::npos);
  for (const int fd : silent) ::close(fd);
  CHECK(ask(scene, get("/api/session", as(login))).status == 200);
}
