#include "core/find.hpp"

#include <doctest/doctest.h>

#include "scene.hpp"

namespace keepalive::core {
namespace {

TEST_CASE("a server is found by whatever names it alone") {
  const Given given{R"(
[pool web]
server = 10.0.0.11:80
server = 10.0.0.12:80 name=b
[pool mail]
server = 10.0.0.12:25 name=b
server = [fd00::1]:25
[virtual_server web]
address = 10.0.0.100:80
pool = web
)"};
  struct Row {
    const char* word;
    ServerRef found;
    const char* fault;
  };
  const Row rows[] = {
      {"web/10.0.0.11:80", {0, 0}, nullptr},
      {"web/10.0.0.11", {0, 0}, nullptr},
      {"10.0.0.11:80", {0, 0}, nullptr},
      {"10.0.0.11", {0, 0}, nullptr},
      {"web/b", {0, 1}, nullptr},
      {"web/10.0.0.12:80", {0, 1}, nullptr},
      {"10.0.0.12:25", {1, 0}, nullptr},
      {"[fd00::1]:25", {1, 1}, nullptr},
      {"fd00::1", {1, 1}, nullptr},
      {"b", {}, "`b' is ambiguous: web/b, mail/b"},
      {"10.0.0.12", {}, "`10.0.0.12' is ambiguous: web/b, mail/b"},
      {"web/10.0.0.13:80", {}, "no server is called `web/10.0.0.13:80'; did you mean `web/10.0.0.11:80'?"},
      {"wev/b", {}, "no server is called `wev/b'; did you mean `web/b'?"},
      {"web", {}, "`web' is a pool; its servers: web/10.0.0.11:80, web/b"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.word);
    const auto found = find_server(given.engine.config(), row.word);
    CHECK((found ? "" : found.error()) == std::string{row.fault == nullptr ? "" : row.fault});
    if (found) CHECK(*found == row.found);
  }
}

}  // namespace
}  // namespace keepalive::core
