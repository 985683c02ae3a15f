#include "core/standing.hpp"

#include <set>
#include <utility>

#include "scene.hpp"

using namespace keepalive;
using namespace keepalive::core;

namespace {

const std::string loud = R"(
[check c]
type = tcp
fall = 1
[pool quiet]
check = c
alerts = no
server = 10.0.0.11:80
[pool half]
check = c
server = 10.0.0.12:80 alerts=no
server = 10.0.0.13:80
[virtual_server daemon]
address = 10.0.0.100:80
pool = quiet
alerts = no
[virtual_server two]
address = 10.0.0.101:80
pool = half
)";

using Told = std::set<std::pair<std::string, std::string>>;

}  // namespace

TEST_CASE("alerts = no: nobody is alerted of that server, pool or service, but what ends an alert goes out") {
  Given given{loud};
  const Silence silence{given.engine.config()};
  for (const char* server : {"10.0.0.11", "10.0.0.12", "10.0.0.13"})
    given.turn(server, State::down, "dead", seconds(1));
  Told told;
  for (const Journal& entry : given.engine.journal())
    if (entry.level == Journal::Level::alert && !silence.covers(entry)) told.emplace(entry.kind, entry.object);
  CHECK(told == Told{{"SERVER_DOWN", "half/10.0.0.13:80"}, {"QUORUM_LOST", "half"}});
  Told standing;
  for (const Alert& alert : core::standing(given.engine, silence, Time{0}).list)
    standing.emplace(alert.kind, alert.object);
  CHECK(standing == told);
  CHECK(silence.covers({.level = Journal::Level::alert, .kind = "KERNEL_REFUSED", .object = "TCP 10.0.0.100:80"}));
  CHECK(!silence.covers({.level = Journal::Level::alert, .kind = "KERNEL_REFUSED", .object = "TCP 10.0.0.101:80"}));
  CHECK(!silence.covers({.kind = "SERVER_UP", .object = "quiet/10.0.0.11:80"}));
  CHECK(!silence.covers({.level = Journal::Level::alert, .kind = "CHECK_UNABLE", .object = "quiet"}));
}
