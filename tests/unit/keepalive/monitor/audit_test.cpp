// What the log keeps of those who change something.
#include "monitor/audit.hpp"

#include <doctest/doctest.h>

using namespace keepalive::monitor;

namespace {

std::string text_of(const std::string& path, std::string body) {
  const Request request{.method = "POST", .path = path, .body = std::move(body)};
  const auto found = find_route("POST", path);
  REQUIRE(found.route != nullptr);
  CHECK(is_audited(*found.route));
  return audit_text(request, *found.route,
                    {.user = "ada", .from = *ipvs::Address::parse("10.0.0.9"), .director = "lvs1"}, 200);
}

}  // namespace

TEST_CASE("the audit is key=value words: a short body, of a configuration its size") {
  CHECK(
      text_of("/api/d/local/v1/servers/a/disable", "{}") ==
      R"(user="ada" from=10.0.0.9 director="lvs1" what="POST /api/d/local/v1/servers/a/disable" body="{}" status=200)");
  CHECK(text_of("/api/d/local/v1/config/apply", std::string(372, 'x')) ==
        R"(user="ada" from=10.0.0.9 director="lvs1" what="POST /api/d/local/v1/config/apply" bytes=372 status=200)");
}

TEST_CASE("the audit does not tell of those who only read") {
  CHECK_FALSE(is_audited(*find_route("GET", "/api/d/local/v1/config").route));
  CHECK_FALSE(is_audited(*find_route("GET", "/api/d/local/v1/status").route));
}
