#include "monitor/openapi.hpp"

#include <boost/json.hpp>
#include <string_view>

#include "monitor/permits.hpp"

namespace keepalive::monitor {
namespace {

namespace json = boost::json;

json::object text(std::string_view description) { return {{"description", description}}; }

json::array parameters(std::string_view path) {
  json::array list;
  for (std::size_t at = path.find('{'); at != std::string_view::npos; at = path.find('{', at + 1))
    list.push_back({{"name", path.substr(at + 1, path.find('}', at) - at - 1)},
                    {"in", "path"},
                    {"required", true},
                    {"schema", {{"type", "string"}}}});
  return list;
}

std::string_view least_role(Need need) {
  if (need == Need::configure) return "administrator";
  return need == Need::operate ? "operator" : "viewer";
}

json::object operation(const Route& route) {
  json::object responses{{"200", text("done")}, {"default", text("a fault: error, a line for people; diagnostics")}};
  if (route.need != Need::nothing) responses["401"] = text("no session, and no token");
  if (route.need > Need::read) responses["403"] = text("the role, or the director's [monitor] allow, forbids it");
  json::object made{{"summary", route.help}, {"parameters", parameters(route.path)}, {"responses", responses}};
  if (route.need == Need::nothing) made["security"] = json::array{};
  if (route.need != Need::nothing) made["x-role"] = least_role(route.need);
  if (route.method == "POST")
    made["requestBody"] = {{"content", {{"application/json", {{"schema", {{"type", "object"}}}}}}}};
  return made;
}

}  // namespace

std::string openapi() {
  json::object paths;
  for (const Route& route : routes()) {
    json::value& path = paths.emplace(route.path, json::object{}).first->value();
    path.as_object()[route.method == "GET" ? "get" : "post"] = operation(route);
  }
  json::object token{{"type", "http"}, {"scheme", "bearer"}};
  json::object cookie{{"type", "apiKey"}, {"in", "cookie"}, {"name", "__Host-keepalive"}};
  json::object whole{{"openapi", "3.0.3"},
                     {"info",
                      {{"title", "keepalive"},
                       {"version", "1"},
                       {"description",
                        "What the monitor answers; /v1 is that of keepalive-api(7). Programs send a token as Bearer; "
                        "browsers a cookie, and with each POST the header X-CSRF-Token."}}},
                     {"security", {{{"token", json::array{}}}, {{"cookie", json::array{}}}}},
                     {"components", {{"securitySchemes", {{"token", token}, {"cookie", cookie}}}}},
                     {"paths", paths}};
  return json::serialize(whole);
}

}  // namespace keepalive::monitor
