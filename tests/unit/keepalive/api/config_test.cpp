// The configuration edited through the API, with the launcher's part played by the test.
#include <doctest/doctest.h>

#include "api.hpp"
#include "powers.hpp"

using namespace keepalive;

namespace {

const std::string main_file = "/etc/keepalive/keepalive.conf";
const std::string new_text = R"({"files":[{"path":"/etc/keepalive/keepalive.conf","text":"[global]\n"}],"base":1,)"
                             R"("comment":"less","confirm_s":60})";

struct Scene {
  Scene() {
    powers.launcher = false;
    powers.editor().read({.texts = {{main_file, "old\n"}, {"/etc/keepalive/a.conf", "a\n"}, {"/secret", "s3cret"}},
                          .sources = {main_file, "/etc/keepalive/a.conf"}});
  }
  std::shared_ptr<TestReply> ask(const std::string& method, const std::string& target, const std::string& body = "") {
    auto reply = std::make_shared<TestReply>();
    answer(powers, {.method = method, .target = target, .body = body, .by = "anna"}, reply);
    return reply;
  }
  template <class One>
  One last() {
    REQUIRE(!powers.told.empty());
    auto* const found = std::get_if<One>(&powers.told.back());
    REQUIRE(found != nullptr);
    return *found;
  }
  void hear(core::Launch message) { powers.editor().hear(message); }

  TestPowers powers;
};

bool has(const std::shared_ptr<TestReply>& reply, std::string_view text) {
  return reply->body.find(text) != std::string::npos;
}

}  // namespace

TEST_CASE("the files are told as they were read, the versions as the launcher keeps them, secrets not at all") {
  Scene scene;
  const auto reply = scene.ask("GET", "/v1/config");
  const auto asked = scene.last<core::AskVersions>();
  CHECK(asked.paths == std::vector<std::string>{main_file, "/etc/keepalive/a.conf"});
  CHECK(reply->given == 0);
  scene.hear(core::PendingIs{core::Pending{.version = 3, .back_to = 2, .until = core::seconds(1'700'000'000)}});
  scene.hear(core::Versions{.id = asked.id,
                            .list = {{.number = 3, .by = "anna", .comment = "x", .generation = 2}, {.number = 2}},
                            .writable = {{main_file, true}}});
  CHECK(reply->body == R"({"files":[{"path":"/etc/keepalive/keepalive.conf","text":"old\n","writable":true},)"
                       R"({"path":"/etc/keepalive/a.conf","text":"a\n","writable":false}],"generation":1,"versions":[)"
                       R"({"number":3,"time":"1970-01-01T00:00:00.000000Z","by":"anna","comment":"x","generation":2},)"
                       R"({"number":2,"time":"1970-01-01T00:00:00.000000Z","by":"","comment":"","generation":null}],)"
                       R"("pending":{"version":3,"before":2,"until":"2023-11-14T22:13:20.000000Z"}})"
                       "\n");
}

TEST_CASE("a version is told with its files; what is not kept is not there") {
  Scene scene;
  const auto good = scene.ask("GET", "/v1/config/versions/3");
  const auto asked = scene.last<core::AskVersions>();
  CHECK(asked.number == 3);
  scene.hear(core::Versions{.id = asked.id, .list = {{.number = 3, .texts = {{main_file, "t\n"}}}, {.number = 2}}});
  CHECK(good->body == R"({"files":[{"path":"/etc/keepalive/keepalive.conf","text":"t\n"}]})"
                      "\n");
  const auto none = scene.ask("GET", "/v1/config/versions/4");
  scene.hear(core::Versions{.id = scene.last<core::AskVersions>().id});
  CHECK(none->status == 404);
  CHECK(scene.ask("GET", "/v1/config/versions/0")->status == 404);
  CHECK(scene.ask("GET", "/v1/config/versions/x")->status == 404);
}

TEST_CASE("a check tells faults with their places and hints, and writes nothing") {
  Scene scene;
  scene.powers.faults = {{{"/etc/keepalive/a.conf", 2, 1}, "[pool] has no key `serve'; did you mean `server'?", "x"}};
  const auto reply =
      scene.ask("POST", "/v1/config/check", R"({"files":[{"path":"/etc/keepalive/a.conf","text":"x"}]})");
  CHECK(scene.powers.planned == core::Texts{{"/etc/keepalive/a.conf", "x"}});
  CHECK(reply->body ==
        R"({"diagnostics":[{"path":"/etc/keepalive/a.conf","line":2,"column":1,"level":"error",)"
        R"("text":"[pool] has no key `serve'; did you mean `server'?","hint":"did you mean `server'?"}],"plan":null})"
        "\n");
  scene.powers.faults.clear();
  CHECK(has(scene.ask("POST", "/v1/config/check", R"({"files":[{"path":"/etc/keepalive/a.conf","text":"x"}]})"),
            R"({"diagnostics":[],"plan":{"changes":[])"));
  CHECK(scene.powers.told.empty());
}

TEST_CASE("bodies that are wrong, and files that are not the configuration's, go nowhere") {
  struct Row {
    std::string target;
    std::string body;
    unsigned status;
  };
  const Row rows[] = {
      {"check", "", 400},
      {"check", R"({"files":[]})", 400},
      {"check", R"({"files":[{"path":"/x"}]})", 400},
      {"check", R"({"files":[{"path":"/x","text":1}]})", 400},
      {"check", R"({"files":[{"path":"/secret","text":"x"}]})", 409},
      {"apply", R"({"files":[{"path":"/etc/shadow","text":"x"}],"base":1})", 409},
      {"apply", R"({"files":[{"path":"/etc/keepalive/a.conf","text":"x"}]})", 400},
      {"apply", R"({"files":[{"path":"/etc/keepalive/a.conf","text":"x"}],"base":0})", 409},
      {"apply", R"({"files":[{"path":"/etc/keepalive/a.conf","text":"x"}],"base":1,"confirm_s":9})", 400},
      {"apply", R"({"files":[{"path":"/etc/keepalive/a.conf","text":"x"}],"base":1,"comment":"a\nb"})", 400},
      {"apply", R"({"files":[{"path":"/a","text":""},{"path":"/a","text":""}],"base":1})", 400},
      {"confirm", "{}", 409},
      {"confirm", R"({"x":1})", 400},
      {"rollback", "{}", 400},
      {"rollback", R"({"version":0})", 400},
  };
  for (const Row& row : rows) {
    CAPTURE(row.target + " " + row.body);
    Scene scene;
    CHECK(scene.ask("POST", "/v1/config/" + row.target, row.body)->status == row.status);
    CHECK(scene.powers.told.empty());
  }
}

TEST_CASE("apply: checked here, written by the launcher, loaded, told with what waits to be confirmed") {
  Scene scene;
  scene.powers.outcome.changes = 2;
  const auto reply = scene.ask("POST", "/v1/config/apply", new_text);
  const auto order = scene.last<core::WriteFiles>();
  CHECK(order.files == core::Texts{{main_file, "[global]\n"}});
  CHECK(order.before == core::Texts{{main_file, "old\n"}, {"/etc/keepalive/a.conf", "a\n"}});
  CHECK(order.by == "anna");
  CHECK(order.comment == "less");
  CHECK(order.confirm_s == 60);
  CHECK(order.generation == 2);
  CHECK(reply->given == 0);
  scene.hear(core::PendingIs{core::Pending{.version = 8, .back_to = 7, .until = core::seconds(1'700'000'000)}});
  scene.hear(core::Wrote{.id = order.id, .version = 8});
  CHECK(reply->body == R"({"version":8,"generation":1,"changes":2,"refusals":[],)"
                       R"("pending":{"version":8,"before":7,"until":"2023-11-14T22:13:20.000000Z"}})"
                       "\n");
  const core::Journal& entry = scene.powers.engine().journal().back();
  CHECK(entry.kind == "CONFIG_APPLIED");
  CHECK(entry.text ==
        "version 8 of the configuration is written by anna; it is rolled back after 60 s unless it is "
        "confirmed");
  CHECK(entry.cause == "less");
}

TEST_CASE("apply: faults, and what the launcher refuses, are told, and nothing is loaded") {
  Scene scene;
  scene.powers.faults = {{{main_file, 1, 1}, "bad", "x"}};
  const auto bad = scene.ask("POST", "/v1/config/apply", new_text);
  CHECK(bad->status == 409);
  CHECK(has(bad, R"("diagnostics":"/etc/keepalive/keepalive.conf:1:1: error: bad)"));
  CHECK(scene.powers.told.empty());
  scene.powers.faults.clear();
  const auto refused = scene.ask("POST", "/v1/config/apply", new_text);
  scene.hear(core::Wrote{.id = scene.last<core::WriteFiles>().id, .fault = "somebody has edited them by hand"});
  CHECK(refused->status == 409);
  CHECK(has(refused, "somebody has edited them by hand"));
  CHECK(scene.powers.engine().journal().back().kind != "CONFIG_APPLIED");
}

TEST_CASE("confirm: what waits stays, and the journal says who said so") {
  Scene scene;
  scene.hear(core::PendingIs{core::Pending{.version = 8}});
  const auto reply = scene.ask("POST", "/v1/config/confirm", "{}");
  const auto order = scene.last<core::ConfirmFiles>();
  scene.hear(core::PendingIs{});
  scene.hear(core::Wrote{.id = order.id, .version = 8});
  CHECK(reply->body == "{\"version\":8}\n");
  CHECK(scene.powers.engine().journal().back().text == "version 8 of the configuration stays: anna has confirmed it");
  CHECK(!scene.powers.editor().pending());
}

TEST_CASE("roll back: the version's texts are applied as new ones, files that are no more among them") {
  Scene scene;
  const auto reply = scene.ask("POST", "/v1/config/rollback", R"({"version":5,"confirm_s":30})");
  scene.hear(core::Versions{.id = scene.last<core::AskVersions>().id,
                            .list = {{.number = 5, .texts = {{main_file, "five\n"}, {"/etc/keepalive/b.conf", "b"}}}}});
  const auto order = scene.last<core::WriteFiles>();
  CHECK(order.files == core::Texts{{main_file, "five\n"}, {"/etc/keepalive/b.conf", "b"}});
  CHECK(order.of == 5);
  CHECK(order.confirm_s == 30);
  scene.hear(core::Wrote{.id = order.id, .version = 9});
  CHECK(has(reply, R"({"version":9,)"));
  const core::Journal& entry = scene.powers.engine().journal().back();
  CHECK(entry.kind == "CONFIG_ROLLED_BACK");
  CHECK(entry.text == "the configuration is that of version 5 again, as version 9");
  CHECK(entry.cause == "anna asked for it");
  const auto none = scene.ask("POST", "/v1/config/rollback", R"({"version":4})");
  scene.hear(core::Versions{.id = scene.last<core::AskVersions>().id});
  CHECK(none->status == 404);
}

TEST_CASE("nobody confirmed: the journal tells it as an alert") {
  Scene scene;
  scene.hear(core::RolledBack{.version = 9, .of = 7});
  const core::Journal& entry = scene.powers.engine().journal().back();
  CHECK(entry.level == core::Journal::Level::alert);
  CHECK(entry.cause == "nobody has confirmed the one before in time");
}
