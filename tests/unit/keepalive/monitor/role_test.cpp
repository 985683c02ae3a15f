// The monitor between a browser and its director.
#include <doctest/doctest.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <boost/json.hpp>
#include <cerrno>
#include <csignal>
#include <utility>
#include <vector>

#include "base/fd.hpp"
#include "monitor/permits.hpp"
#include "scene.hpp"

using namespace keepalive;
using namespace monitor_test;

namespace {

std::string token(char letter) { return fmt::format("Authorization: Bearer kal_{}\r\n", letter); }

/// The route's path with something in the place of each word in braces.
std::string example(std::string_view pattern) {
  std::string path{pattern};
  for (std::size_t at = path.find('{'); at != std::string::npos; at = path.find('{'))
    path.replace(at, path.find('}') - at + 1, path.substr(at, 9) == "{director" ? "local" : "x%2Fy");
  return path;
}

}  // namespace

TEST_CASE("the page is there without a login, and asked for again by its tag") {
  Scene scene;
  const Heard page = ask(scene, get("/"));
  CHECK(page.status == 200);
  CHECK(page.headers.at("content-type") == "text/html; charset=utf-8");
  CHECK(page.headers.at("content-security-policy").find("default-src 'none'") == 0);
  CHECK(page.body.find("<") != std::string::npos);
  const std::string tag = page.headers.at("etag");
  CHECK(ask(scene, get("/", "If-None-Match: " + tag + "\r\n")).status == 304);
  const Heard head = ask(scene, "HEAD /index.html HTTP/1.1\r\nHost: m\r\n\r\n");
  CHECK(head.status == 200);
  CHECK(head.headers.at("content-length") == std::to_string(page.body.size()));
  CHECK(ask(scene, post("/", "{}")).status == 405);
}

TEST_CASE("modules are kept for good: their paths are this build's, and there is nothing beside the page's files") {
  Scene scene;
  const Heard page = ask(scene, get("/"));
  CHECK(page.headers.at("cache-control") == "no-cache");
  CHECK(page.body.find("\"/js/") == std::string::npos);
  const std::size_t end = page.body.find("/js/main.js\"");
  REQUIRE(end != std::string::npos);
  const std::size_t from = page.body.rfind('"', end) + 1;
  const std::string build = page.body.substr(from, end - from);
  CHECK(build.size() == 17);
  for (const auto* const path : {"/js/main.js", "/style.css"}) {
    const Heard kept = ask(scene, get(build + path));
    CHECK(kept.status == 200);
    CHECK(kept.headers.at("cache-control") == "max-age=31536000, immutable");
    CHECK(kept.headers.at("x-content-type-options") == "nosniff");
    CHECK(ask(scene, get(build + path, "If-None-Match: " + kept.headers.at("etag") + "\r\n")).status == 304);
    CHECK(ask(scene, get(path)).body == kept.body);
  }
  CHECK(ask(scene, get("/0123456789abcdef/js/main.js")).status == 404);
  CHECK(ask(scene, get("/package.json")).status == 404);
  CHECK(ask(scene, get("/api/session")).headers.at("cache-control") == "no-store");
}

TEST_CASE("login, session, logout") {
  Scene scene;
  const Heard heard = ask(scene, post("/api/login", R"({"user":"vera","password":"vera"})"));
  REQUIRE(heard.status == 200);
  const auto body = boost::json::parse(heard.body).as_object();
  CHECK(word_of(body.at("user")) == "vera");
  CHECK(word_of(body.at("role")) == "viewer");
  const std::string cookie = heard.headers.at("set-cookie");
  CHECK(cookie.starts_with("__Host-keepalive="));
  CHECK(cookie.substr(cookie.find(';')) == "; Path=/; Secure; HttpOnly; SameSite=Strict");
  const Login login = log_in(scene, "vera");
  const Heard session = ask(scene, get("/api/session", as(login)));
  CHECK(session.status == 200);
  CHECK(word_of(boost::json::parse(session.body).at("csrf")) == login.csrf);
  CHECK(ask(scene, post("/api/logout", "", as(login))).status == 200);
  CHECK(ask(scene, get("/api/session", as(login))).status == 401);
}

TEST_CASE("a monitor that is wanted no more ends in order: its port is closed, which is told") {
  Scene scene;
  Client client{scene.port()};
  client.say(get("/api/session", token('v')));
  REQUIRE(client.answer().value().status == 200);
  REQUIRE(::kill(::getpid(), SIGTERM) == 0);
  CHECK(client.closed());
}

TEST_CASE("without a descriptor to be had, requests for the director are refused, and the monitor goes on") {
  Scene scene;
  Client client{scene.port()};
  const std::string request = get("/api/d/local/v1/plan", token('v'));
  client.say(request);
  REQUIRE(client.answer().value().status == 409);
  std::vector<base::Fd> all;
  for (base::Fd one{::open("/dev/null", O_RDONLY | O_CLOEXEC)}; one; one = base::Fd{::dup(all.front().get())})
    all.push_back(std::move(one));
  CHECK(errno == EMFILE);
  client.say(request);
  const auto refused = client.answer();
  all.clear();
  REQUIRE(refused);
  CHECK(refused->status == 502);
  client.say(request);
  CHECK(client.answer().value().status == 409);
}

TEST_CASE("a wrong password and an unknown name are told alike, and guessing ends in a lock") {
  Scene scene;
  const std::string wrong = ask(scene, post("/api/login", R"({"user":"vera","password":"x"})")).body;
  CHECK(ask(scene, post("/api/login", R"({"user":"nobody","password":"x"})")).body == wrong);
  CHECK(ask(scene, post("/api/login", R"({"user":"vera"})")).status == 400);
  CHECK(ask(scene, post("/api/login", R"({"user":"vera","password":7})")).status == 400);
  CHECK(ask(scene, post("/api/login", R"({"password":"vera"})")).status == 400);
  CHECK(ask(scene, post("/api/login", "[1]")).status == 400);
  CHECK(ask(scene, post("/api/login", std::string(2000, '['))).status == 400);
  Heard locked;
  REQUIRE(until([&] {
    locked = ask(scene, post("/api/login", R"({"user":"vera","password":"x"})"));
    return locked.status == 429;
  }));
  CHECK(boost::json::parse(locked.body).at("retry_after_s").as_int64() >= 1);
  CHECK(locked.headers.contains("retry-after"));
}

TEST_CASE("every path wants its role, for tokens and sessions alike") {
  Scene scene;
  const std::map<char, monitor::Role> roles{
      {'v', monitor::Role::viewer}, {'o', monitor::Role::operator_}, {'a', monitor::Role::administrator}};
  for (const monitor::Route& route : monitor::routes()) {
    CAPTURE(route.path);
    const std::string path = example(route.path);
    if (route.place == monitor::Place::stream || route.place == monitor::Place::login) continue;
    const auto request = [&](const std::string& headers) {
      return route.method == "POST" ? post(path, "{}", headers) : get(path, headers);
    };
    CHECK(ask(scene, request("")).status == 401);
    CHECK(ask(scene, request("Authorization: Bearer kal_x\r\n")).status == 401);
    CHECK(ask(scene, request("Cookie: __Host-keepalive=00000000000000000000000000000000\r\n")).status == 401);
    for (const auto& [letter, role] : roles) {
      const Heard heard = ask(scene, request(token(letter)));
      CAPTURE(letter);
      if (monitor::may(role, route.need))
        CHECK((heard.status == 200 || heard.status == 400 || heard.status == 404 || heard.status == 409));
      else
        CHECK(heard.status == 403);
    }
  }
}

TEST_CASE("the director's leave bounds every role") {
  Scene scene{[](Monitor& settings) { settings.allow = Monitor::Allow::read; }};
  const Heard heard = ask(scene, post("/api/d/local/v1/servers/x/drain", "{}", token('a')));
  CHECK(heard.status == 403);
  CHECK(heard.body == "{\"error\":\"the director allows the monitor no more than this: [monitor] allow = read\"}\n");
  CHECK(scene.count("POST") == 0);
  scene.set([](Monitor& settings) { settings.allow = Monitor::Allow::operate; });
  CHECK(until([&] { return ask(scene, post("/api/d/local/v1/servers/x/drain", "{}", token('a'))).status == 200; }));
  CHECK(ask(scene, post("/api/d/local/v1/reload", "{}", token('a'))).status == 403);
}

TEST_CASE("what changes something wants the CSRF token, JSON, and our own page") {
  Scene scene;
  const Login login = log_in(scene, "olaf");
  const std::string path = "/api/d/local/v1/servers/web%2Fb/drain";
  const std::string cookie = "Cookie: " + login.cookie + "\r\n";
  CHECK(ask(scene, post(path, "{}", cookie)).status == 403);
  CHECK(ask(scene, post(path, "{}", cookie + "X-CSRF-Token: x\r\n")).status == 403);
  CHECK(ask(scene, post(path, "{}", as(log_in(scene, "anna")) + "X-CSRF-Token: " + login.csrf + "\r\n")).status != 500);
  CHECK(ask(scene, post(path, "{}", as(login) + "Origin: https://evil\r\n")).status == 403);
  CHECK(ask(scene, post(path, "{}", as(login) + "Origin: https://m\r\n")).status == 200);
  CHECK(ask(scene, post("/api/login", "{}", "Origin: https://evil\r\n")).status == 403);
  CHECK(ask(scene, "POST " + path + " HTTP/1.1\r\nHost: m\r\n" + as(login) +
                       "Content-Type: text/plain\r\nContent-Length: 2\r\n\r\n{}")
            .status == 415);
  CHECK(ask(scene, get(path, as(login))).status == 405);
  CHECK(scene.count("POST /v1/servers/web%2Fb/drain {}") >= 1);
}

TEST_CASE("a director's answers come through as they are: faults, large ones, streams") {
  Scene scene;
  CHECK(ask(scene, get("/api/d/local/v1/plan", token('v'))).status == 409);
  CHECK(ask(scene, get("/api/d/local/v1/plan", token('v'))).body == R"({"error":"the file has faults"})");
  CHECK(ask(scene, get("/api/d/a/v1/status", token('v'))).body.size() == 3'000'010);
  CHECK(ask(scene, get("/api/d/other/v1/status", token('v'))).status == 404);
  ask(scene, post("/api/d/local/v1/servers/web%2Fb/weight?x=1", R"({"weight":5})", token('o')));
  CHECK(scene.count(R"(POST /v1/servers/web%2Fb/weight?x=1 {"weight":5})") == 1);
  Client client{scene.port()};
  client.say(get("/api/d/local/v1/events?follow=1&since=7", token('v')));
  CHECK(client.answer()->headers.at("content-type") == "application/x-ndjson");
  REQUIRE(until([&] { return scene.count("GET /v1/events?follow=1&since=7") == 1; }));
  REQUIRE(until([&] { return scene.journal("{\"sequence\":8}\n"); }));
  CHECK(client.hear("\n").find("{\"sequence\":8}\n") == 0);
}

TEST_CASE("sessions end when the user changes, and a token with its line") {
  Scene scene;
  const Login login = log_in(scene, "vera");
  scene.set([](Monitor& settings) { settings.users = users().substr(users().find("anna"), users().find("vera")); });
  CHECK(until([&] { return ask(scene, get("/api/session", as(login))).status == 401; }));
  CHECK(ask(scene, get("/api/session", token('v'))).status == 401);
  CHECK(ask(scene, get("/api/session", token('a'))).status == 200);
}

TEST_CASE("viewers see the cluster, then what changes of it") {
  Scene scene;
  scene.overview(R"({"sequence":1,"services":[{"name":"w","state":"up","active":1,"inactive":0}],"pools":[]})");
  Client viewer{scene.port()};
  viewer.say(get("/api/stream", token('v')));
  CHECK(viewer.answer()->headers.at("content-type") == "text/event-stream");
  boost::json::value cluster;
  REQUIRE(until([&] {
    cluster = boost::json::parse(ask(scene, get("/api/cluster", token('v'))).body);
    return cluster.at("directors").at(0).at("reachable").as_bool();
  }));
  CHECK(word_of(cluster.at("directors").at(0).at("heard")).size() == 27);
  CHECK(word_of(cluster.at("allow")) == "configure");
  CHECK(word_of(cluster.at("directors").at(0).at("name")) == "a");
  CHECK(cluster.at("directors").at(0).at("overview").at("services").at(0).at("active").as_int64() == 1);
  scene.overview(R"({"sequence":1,"services":[{"name":"w","state":"up","active":5,"inactive":0}],"pools":[]})");
  CHECK(viewer.hear("\"services\":{\"w\":[5,0,").find("event: figures\n") != std::string::npos);
  scene.overview(R"({"sequence":1,"services":[{"name":"w","state":"down","active":5,"inactive":0}],"pools":[]})");
  CHECK(viewer.hear("\"state\":\"down\"").find("event: state\n") != std::string::npos);
  REQUIRE(until([&] { return scene.journal("{\"sequence\":2,\"kind\":\"SERVER_DOWN\"}\n"); }));
  viewer.hear("event: journal\n");
  const std::string event = viewer.hear("\n\n");
  CHECK(event.find("\"kind\":\"SERVER_DOWN\"") != std::string::npos);
  CHECK(event.find("\"director\":\"a\"") != std::string::npos);
  const auto history = boost::json::parse(ask(scene, get("/api/history?object=w&span=hour", token('v'))).body);
  CHECK(history.at("series").at("active").as_array().size() == 3600);
  CHECK(ask(scene, get("/api/history?object=x", token('v'))).status == 404);
  CHECK(ask(scene, get("/api/history?object=w&span=year", token('v'))).status == 400);
}

TEST_CASE("viewers hear every second that a director is heard, and of the servers of pools that they look at") {
  Scene scene;
  const auto with = [](int active) {
    return fmt::format(R"({{"generation":1,"sequence":0,"services":[{{"name":"w","pool":"p","state":"up"}}],
      "pools":[{{"name":"p","state":"up","servers":[["x","up",1,1,null,{},0,250]]}}]}})",
                       active);
  };
  scene.overview(with(1));
  boost::json::value cluster;
  REQUIRE(until([&] {
    cluster = boost::json::parse(ask(scene, get("/api/cluster", token('v'))).body);
    return !cluster.at("directors").at(0).at("overview").is_null();
  }));
  Client viewer{scene.port()};
  viewer.say(get(fmt::format("/api/stream?since={}&pools=none,p", cluster.at("event").as_int64()), token('v')));
  CHECK(viewer.answer()->status == 200);
  CHECK(viewer.hear("{\"p/x\":[1,0]}").find("\"servers\":{\"p/x\":[1,0]}") != std::string::npos);
  for (int i = 0; i < 2; ++i) CHECK(viewer.hear("\"services\":{}").find("\"time\":\"") != std::string::npos);
  scene.overview(with(2));
  CHECK(viewer.hear("{\"p/x\":[2,0]}").find("event: figures\ndata: {\"time\":\"") != std::string::npos);
  CHECK(viewer.hear("event: beat\n").find("event: beat\n") != std::string::npos);
  const auto history = boost::json::parse(ask(scene, get("/api/history?object=p%2Fx", token('v'))).body);
  const auto& latencies = history.at("series").at("latency_us").as_array();
  CHECK(std::find(latencies.begin(), latencies.end(), boost::json::value(250)) != latencies.end());
  CHECK(word_of(history.at("missing").at("cps")) == "rates are kept of services only");
  scene.overview("nonsense");
  viewer.hear("\"reachable\":false");
  CHECK(viewer.hear("\n\n").find("it answers 200 to GET /v1/overview") != std::string::npos);
  scene.overview(with(2));
  viewer.hear("\"reachable\":true");
}

TEST_CASE("the journal has what it touches asked for at once") {
  Scene scene;
  scene.overview(
      R"({"generation":1,"sequence":0,"services":[],"pools":[{"name":"a/b,c","servers":[]},{"name":"web","servers":[]}]})");
  REQUIRE(until([&] { return scene.count("GET /v1/overview ") > 1; }));
  REQUIRE(until([&] {
    return scene.journal(R"({"sequence":2,"kind":"SERVER_DOWN","object":"web/x"})"
                         "\n");
  }));
  CHECK(until([&] { return scene.count("GET /v1/overview?pools=web ") == 1; }));
}

TEST_CASE("what is large comes small to those who can read it; what holds a secret never") {
  Scene scene;
  const std::string small = "Accept-Encoding: br, gzip;q=0.8\r\n";
  for (const auto* const path : {"/", "/api/cluster", "/api/d/local/v1/status", "/api/history?object=w"}) {
    scene.overview(R"({"sequence":1,"services":[{"name":"w","state":"up","active":1,"inactive":0}],"pools":[]})");
    Heard packed;
    REQUIRE(until([&] { return (packed = ask(scene, get(path, token('v') + small))).status == 200; }));
    CAPTURE(path);
    CHECK(packed.headers["content-encoding"] == "gzip");
    CHECK(packed.body.starts_with("\x1f\x8b"));
    CHECK(packed.headers["vary"] == "Accept-Encoding");
    for (const auto* const refused : {"", "Accept-Encoding: gzip;q=0\r\n", "Accept-Encoding: gzipped\r\n"})
      CHECK_FALSE(ask(scene, get(path, token('v') + refused)).headers.contains("content-encoding"));
  }
  const Login login = log_in(scene, "vera");
  CHECK_FALSE(ask(scene, get("/api/session", as(login) + small)).headers.contains("content-encoding"));
  CHECK_FALSE(ask(scene, get("/api/d/local/v1/config", token('a') + small)).headers.contains("content-encoding"));
}

TEST_CASE("nobody is asked for overviews while nobody looks and no history wants them") {
  Scene scene{[](Monitor& settings) { settings.history = 0; }};
  REQUIRE(ask(scene, get("/")).status == 200);
  REQUIRE(until([&] { return scene.count("GET /v1/events") > 0; }));
  CHECK(scene.count("GET /v1/overview") == 0);
  ask(scene, get("/api/cluster", token('v')));
  CHECK(until([&] { return scene.count("GET /v1/overview") > 0; }));
}

TEST_CASE("another monitor's director is shown and steered through it, if its certificate is the pinned one") {
  Scene far;
  const std::string print = Client{far.port()}.fingerprint();
  const auto peer = [&](const std::string& expected) {
    return [&far, expected](Monitor& settings) {
      settings.peers = {{.name = "b",
                         .at = {ipvs::Address::parse("127.0.0.1").value(), {far.port()}},
                         .token = "kal_o",
                         .fingerprint = expected}};
    };
  };
  Scene near{peer(print)};
  CHECK(ask(near, post("/api/d/b/v1/servers/x/drain", "{}", token('o'))).status == 200);
  CHECK(far.count("POST /v1/servers/x/drain {}") == 1);
  CHECK(near.count("POST") == 0);
  CHECK(ask(near, post("/api/d/b/v1/reload", "{}", token('a'))).status == 403);  // the token is an operator's
  REQUIRE(until([&] {
    return boost::json::parse(ask(near, get("/api/cluster", token('v'))).body)
        .at("directors")
        .at(1)
        .at("reachable")
        .as_bool();
  }));
  near.set(peer(std::string(64, '0')));
  CHECK(until([&] { return ask(near, post("/api/d/b/v1/servers/x/drain", "{}", token('o'))).status == 502; }));
}
