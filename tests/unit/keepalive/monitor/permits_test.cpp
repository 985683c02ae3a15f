// Every path, every role.
#include "monitor/permits.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <set>
#include <string>

#include "monitor/openapi.hpp"
#include "scene.hpp"

using namespace keepalive;
using namespace keepalive::monitor;
using monitor_test::word_of;

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

TEST_CASE("what the director answers under /v1 the monitor passes on, with the same leave") {
  for (const core::Route& route : core::routes()) {
    CAPTURE(route.path);
    const auto found = find_route(route.method, "/api/d/local" + std::string{route.path});
    CHECK((found.route != nullptr) == (route.path != "/metrics"));
    if (found.route == nullptr) continue;
    CHECK(found.route->place == Place::director);
    for (const auto allow : {Monitor::Allow::read, Monitor::Allow::operate, Monitor::Allow::configure})
      CHECK(may(allow, found.route->need) == (route.need <= allow));
  }
}

TEST_CASE("the description has every path with its role") {
  const auto description = boost::json::parse(openapi()).as_object();
  CHECK(boost::json::serialize(description.at("security")) == R"([{"token":[]},{"cookie":[],"csrf":[]}])");
  const auto& paths = description.at("paths").as_object();
  for (const Route& route : routes()) {
    const auto& operation = paths.at(route.path).at(route.method == "GET" ? "get" : "post").as_object();
    CHECK(word_of(operation.at("summary")) == route.help);
    if (route.need == Need::configure) CHECK(word_of(operation.at("x-role")) == "administrator");
    if (route.need == Need::operate) CHECK(word_of(operation.at("x-role")) == "operator");
  }
}

TEST_CASE(
    "OpenAPI 3.0.3: operations have an id of their own, the path's parameters, answers in words; references lead "
    "somewhere") {
  const boost::json::value description = boost::json::parse(openapi());
  std::set<std::string> ids;
  for (const auto& [path, item] : description.at("paths").as_object())
    for (const auto& [method, operation] : item.as_object()) {
      CAPTURE(std::string{std::string_view{path}});
      CHECK((method == "get" || method == "post"));
      CHECK(ids.insert(word_of(operation.at("operationId"))).second);
      std::set<std::string> names;
      for (const auto& parameter : operation.at("parameters").as_array()) {
        CHECK(names.insert(word_of(parameter.at("name"))).second);
        CHECK(parameter.at("schema").at("type").is_string());
        if (parameter.at("in") != "path") continue;
        CHECK(parameter.at("required").as_bool());
        CHECK(std::string_view{path}.find("{" + word_of(parameter.at("name")) + "}") != std::string_view::npos);
      }
      CHECK(names.size() >= static_cast<std::size_t>(std::count(path.begin(), path.end(), '{')));
      for (const auto& [status, answer] : operation.at("responses").as_object())
        CHECK(answer.at("description").is_string());
      CHECK((method == "post") == operation.as_object().contains("requestBody"));
    }
  const std::string text = openapi();
  for (std::size_t at = text.find("\"$ref\":\"#"); at != std::string::npos; at = text.find("\"$ref\":\"#", at + 1)) {
    const std::size_t from = at + 9;
    boost::system::error_code error;
    std::string pointer = text.substr(from, text.find('"', from) - from);
    pointer.erase(std::remove(pointer.begin(), pointer.end(), '\\'), pointer.end());
    CHECK(description.find_pointer(pointer, error) != nullptr);
  }
}
