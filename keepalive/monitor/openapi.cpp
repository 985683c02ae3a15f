#include "monitor/openapi.hpp"

#include <boost/json.hpp>
#include <cctype>
#include <string>
#include <string_view>

#include "monitor/permits.hpp"

namespace keepalive::monitor {
namespace {

namespace json = boost::json;

json::object text(std::string_view description) { return {{"description", description}}; }

json::object reference(std::string_view name) { return {{"$ref", "#/components/schemas/" + std::string{name}}}; }

json::object content(std::string_view type, json::object schema) { return {{type, {{"schema", std::move(schema)}}}}; }

/// One of "since:integer follow:flag files:files!".
struct Member {
  std::string_view name = {};
  std::string_view type = {};
  bool required = false;
};

template <class Take>
void each_member(std::string_view list, Take take) {
  while (!list.empty()) {
    std::string_view one = list.substr(0, list.find(' '));
    list.remove_prefix(std::min(one.size() + 1, list.size()));
    const bool required = one.ends_with('!');
    if (required) one.remove_suffix(1);
    const std::size_t colon = one.find(':');
    take(Member{one.substr(0, colon), one.substr(colon + 1), required});
  }
}

json::object schema_of(std::string_view type) {
  if (type == "files") return {{"type", "array"}, {"items", reference("file")}};
  if (type == "flag") return {{"type", "integer"}, {"enum", {1}}};
  return {{"type", type}};
}

json::object parameter(std::string_view name, std::string_view place, bool required, json::object schema) {
  return {{"name", name}, {"in", place}, {"required", required}, {"schema", std::move(schema)}};
}

json::array parameters(const Route& route) {
  json::array list;
  for (std::size_t at = route.path.find('{'); at != std::string_view::npos; at = route.path.find('{', at + 1))
    list.push_back(
        parameter(route.path.substr(at + 1, route.path.find('}', at) - at - 1), "path", true, schema_of("string")));
  each_member(route.query, [&](const Member& one) {
    list.push_back(parameter(one.name, "query", one.required, schema_of(one.type)));
  });
  return list;
}

json::object body(const Route& route) {
  json::object members;
  json::array required;
  each_member(route.body, [&](const Member& one) {
    members[one.name] = schema_of(one.type);
    if (one.name == "confirm_s") members[one.name].as_object()["nullable"] = true;
    if (one.required) required.push_back(json::value_from(one.name));
  });
  json::object schema{{"type", "object"}, {"properties", members}};
  if (!required.empty()) schema["required"] = required;
  return {{"required", !required.empty()}, {"content", content("application/json", schema)}};
}

std::string_view least_role(Need need) {
  if (need == Need::configure) return "administrator";
  return need == Need::operate ? "operator" : "viewer";
}

json::object done(const Route& route) {
  json::object answer = text("done");
  answer["content"] = content("application/json", {{"type", "object"}});
  if (route.place == Place::stream) answer["content"] = content("text/event-stream", {{"type", "string"}});
  if (route.query.find("follow:") != std::string_view::npos)
    answer["content"].as_object()["application/x-ndjson"] = {{"schema", {{"type", "string"}}}};
  return answer;
}

json::object fault(std::string_view description) {
  json::object answer = text(description);
  answer["content"] = content("application/json", reference("fault"));
  return answer;
}

json::object responses(const Route& route) {
  json::object list{{"200", done(route)}, {"default", fault("a fault")}};
  if (route.need != Need::nothing) list["401"] = fault("no session, and no token");
  if (route.need == Need::nothing) list["429"] = fault("too many tries: again in retry_after_s seconds");
  if (route.need > Need::read) list["403"] = fault("the role, or the director's [monitor] allow, forbids it");
  if (route.place == Place::director) list["502"] = fault("the director does not answer");
  return list;
}

/// get_api_d_director_v1_status
std::string operation_id(const Route& route) {
  std::string id = route.method == "GET" ? "get" : "post";
  for (const char c : route.path)
    if (std::isalnum(static_cast<unsigned char>(c)) != 0)
      id += c;
    else if (id.back() != '_' && c != '}')
      id += '_';
  return id;
}

json::object operation(const Route& route) {
  json::object made{{"operationId", operation_id(route)},
                    {"summary", route.help},
                    {"tags", {route.place == Place::director ? "director" : "monitor"}},
                    {"parameters", parameters(route)},
                    {"responses", responses(route)}};
  if (route.need == Need::nothing) made["security"] = json::array{};
  if (route.need != Need::nothing) made["x-role"] = least_role(route.need);
  if (route.method == "POST") made["requestBody"] = body(route);
  return made;
}

json::object components() {
  const json::object token{{"type", "http"}, {"scheme", "bearer"}};
  const json::object cookie{{"type", "apiKey"}, {"in", "cookie"}, {"name", "__Host-keepalive"}};
  const json::object csrf{{"type", "apiKey"}, {"in", "header"}, {"name", "X-CSRF-Token"}};
  const json::object plain = schema_of("string");
  const json::object file{
      {"type", "object"}, {"required", {"path", "text"}}, {"properties", {{"path", plain}, {"text", plain}}}};
  const json::object fault{{"type", "object"},
                           {"required", {"error"}},
                           {"properties",
                            {{"error", {{"type", "string"}, {"description", "a line for people"}}},
                             {"diagnostics", {{"type", "string"}, {"description", "faults of the configuration"}}},
                             {"retry_after_s", schema_of("integer")}}}};
  return {{"securitySchemes", {{"token", token}, {"cookie", cookie}, {"csrf", csrf}}},
          {"schemas", {{"file", file}, {"fault", fault}}}};
}

}  // namespace

std::string openapi() {
  json::object paths;
  for (const Route& route : routes()) {
    json::value& path = paths.emplace(route.path, json::object{}).first->value();
    path.as_object()[route.method == "GET" ? "get" : "post"] = operation(route);
  }
  const json::object by_token{{"token", json::array{}}};
  const json::object by_cookie{{"cookie", json::array{}}, {"csrf", json::array{}}};
  json::object whole{{"openapi", "3.0.3"},
                     {"info",
                      {{"title", "keepalive"},
                       {"version", "1"},
                       {"description",
                        "What the monitor answers; /v1 is that of keepalive-api(7). Programs send a token as Bearer; "
                        "browsers a cookie, and with each POST the header X-CSRF-Token."}}},
                     {"servers", json::array{{{"url", "/"}}}},
                     {"security", json::array{by_token, by_cookie}},
                     {"tags", json::array{{{"name", "monitor"}, {"description", "of the monitor itself"}},
                                          {{"name", "director"},
                                           {"description", "of a director, by its router_id; local: the one here"}}}},
                     {"components", components()},
                     {"paths", paths}};
  return json::serialize(whole);
}

}  // namespace keepalive::monitor
