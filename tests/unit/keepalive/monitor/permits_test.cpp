// Every path, every role.
#include "monitor/permits.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <boost/json.hpp>

#include "monitor/openapi.hpp"

using namespace keepalive;
using namespace keepalive::monitor;

namespace {

std::string word_of(const boost::json::value& value) { return std::string{std::string_view{value.as_string()}}; }

}  // namespace

TEST_CASE("each role may do what those below it may; so with the director's leave") {
  constexpr std::array needs{Need::nothing, Need::read, Need::operate, Need::configure};
  for (unsigned role = 0; role < 3; ++role)
    for (unsigned need = 0; need < 4; ++need) {
      CHECK(may(static_cast<Role>(role), needs.at(need)) == (need <= role + 1));
      CHECK(may(static_cast<Monitor::Allow>(role), needs.at(need)) == (need <= role + 1));
    }
}

TEST_CASE("what changes something wants an operator at least; what shows or writes files an administrator") {
  for (const Route& route : routes()) {
    CAPTURE(route.path);
    const bool own = route.place != Place::director;
    if (route.method == "POST" && !own) CHECK(route.need >= Need::operate);
    if (route.path.find("/v1/config") != std::string_view::npos) CHECK(route.need == Need::configure);
    CHECK((route.need == Need::nothing) == (route.place == Place::login));
  }
}

TEST_CASE("a path is found as it stands, its escapes untouched, and in no other way") {
  const auto found = find_route("POST", "/api/d/b%2Fc/v1/servers/web%2F10.0.0.11%3A80/drain");
  REQUIRE(found.route != nullptr);
  CHECK(found.route->need == Need::operate);
  CHECK(found.words.at("director") == "b%2Fc");
  CHECK(found.words.at("server") == "web%2F10.0.0.11%3A80");
  CHECK(find_route("HEAD", "/api/cluster").route == find_route("GET", "/api/cluster").route);
  CHECK(find_route("DELETE", "/api/cluster").other_method);
  CHECK_FALSE(find_route("GET", "/api/nothing").other_method);
  for (const auto* const path :
       {"", "/", "api", "/api/", "//api", "/api//cluster", "/api/cluster/", "/api/./cluster", "/api/d/../cluster",
        "/api/d/local/v1/explain/..", "/api/d/local/v1/explain/.", "/api/d/local/v1//explain/x", "/api/d//v1/status",
        "/api/d/local/v1/%73tatus", "/api/d/local/v1/servers/x/drain/", "/api/d/local/metrics", "/API/cluster"})
    CHECK(find_route("GET", path).route == nullptr);
}

TEST_CASE("the director's own paths are judged by the same table, and others refused") {
  using Allow = Monitor::Allow;
  CHECK(may_ask(Allow::read, "GET", "/v1/events?follow=1&since=2"));
  CHECK_FALSE(may_ask(Allow::read, "POST", "/v1/servers/web%2Fb/drain"));
  CHECK(may_ask(Allow::operate, "POST", "/v1/servers/web%2Fb/drain"));
  CHECK_FALSE(may_ask(Allow::operate, "POST", "/v1/reload"));
  CHECK_FALSE(may_ask(Allow::operate, "GET", "/v1/config"));
  CHECK(may_ask(Allow::configure, "POST", "/v1/config/apply"));
  for (const auto* const target :
       {"/v1/%72eload", "/v1//reload", "/v1/reload/", "v1/reload", "/v1/new", "/metrics", ""})
    CHECK_FALSE(may_ask(Allow::configure, "POST", target));
  CHECK_FALSE(may_ask(Allow::configure, "GET", "/v1/reload"));
}

TEST_CASE("the description has every path with its role") {
  const auto description = boost::json::parse(openapi()).as_object();
  CHECK(boost::json::serialize(description.at("security")) == R"([{"token":[]},{"cookie":[]}])");
  const auto& paths = description.at("paths").as_object();
  for (const Route& route : routes()) {
    const auto& operation = paths.at(route.path).at(route.method == "GET" ? "get" : "post").as_object();
    CHECK(word_of(operation.at("summary")) == route.help);
    CHECK(operation.at("parameters").as_array().size() ==
          static_cast<std::size_t>(std::count(route.path.begin(), route.path.end(), '{')));
    if (route.need == Need::configure) CHECK(word_of(operation.at("x-role")) == "administrator");
    if (route.need == Need::operate) CHECK(word_of(operation.at("x-role")) == "operator");
  }
}
