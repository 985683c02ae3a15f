// Files, versions and what waits to be confirmed, in a folder of the test's own.
#include "scribe.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include <boost/asio/io_context.hpp>
#include <fstream>
#include <map>

#include "../io/folder.hpp"
#include "base/bytes.hpp"
#include "io/state_file.hpp"

using namespace keepalive;

namespace {

struct Desk {
  Desk() {
    put("k.conf", "[global]\n");
    put("a.conf", "# a\n");
    start();
  }
  void put(const std::string& name, const std::string& text) { std::ofstream{folder.file(name)} << text; }
  std::string text(const std::string& name) const { return io::read_file(folder.file(name)); }
  core::Texts files() const {
    return {{folder.file("k.conf"), text("k.conf")}, {folder.file("a.conf"), text("a.conf")}};
  }

  /// Another launcher.
  void start() {
    told.clear();
    scribe = std::make_unique<Scribe>(
        io, folder.file("versions"),
        Scribe::Hooks{
            .read =
                [this] {
                  return core::Bundle{.texts = files(), .sources = {folder.file("k.conf"), folder.file("a.conf")}};
                },
            .objection = [this](const core::Texts&) { return objection; },
            .tell =
                [this](const core::Launch& message) {
                  told.push_back(message);
                  return director;
                }});
  }
  core::Wrote write(core::WriteFiles order) {
    scribe->hear(order);
    return std::get<core::Wrote>(told.back());
  }
  core::WriteFiles order(const std::string& name, const std::string& text, std::uint32_t confirm_s = 0) {
    return {.id = 1, .files = {{folder.file(name), text}}, .before = files(), .by = "anna", .confirm_s = confirm_s};
  }
  core::Versions versions(std::uint64_t number = 0) {
    scribe->hear(core::AskVersions{.id = 2, .number = number, .paths = {folder.file("k.conf"), "/no/such/file"}});
    return std::get<core::Versions>(told.back());
  }
  void set_time(core::Time until) {
    auto pending = *core::decode_pending(base::as_bytes(text("versions/pending")));
    pending.until = until;
    REQUIRE(io::write_file(folder.file("versions/pending"), encode(pending)));
  }

  Folder folder;
  boost::asio::io_context io;
  std::vector<core::Launch> told = {};
  bool director = true;
  std::string objection = "";
  std::unique_ptr<Scribe> scribe = nullptr;
};

}  // namespace

TEST_CASE("what was there is the first version, what is written the next; both can be read again") {
  Desk desk;
  chmod(desk.folder.file("k.conf").c_str(), 0640);
  const auto wrote = desk.write(desk.order("k.conf", "[global]\nrouter_id = x\n"));
  CHECK(wrote.fault.empty());
  CHECK(wrote.version == 2);
  CHECK(desk.text("k.conf") == "[global]\nrouter_id = x\n");
  struct stat info = {};
  REQUIRE(stat(desk.folder.file("k.conf").c_str(), &info) == 0);
  CHECK((info.st_mode & 0777U) == 0640);
  const auto list = desk.versions(1);
  REQUIRE(list.list.size() == 2);
  CHECK(list.list[0].number == 2);
  CHECK(list.list[0].by == "anna");
  CHECK(list.list[0].texts.empty());
  CHECK(list.list[1].comment == "as it was before the first edit");
  CHECK(list.list[1].texts.at(desk.folder.file("k.conf")) == "[global]\n");
  CHECK(list.writable.at(desk.folder.file("k.conf")));
  CHECK(!list.writable.at("/no/such/file"));
}

TEST_CASE("an edit by hand is seen, nothing is written over it; once it was read it is a version of its own") {
  Desk desk;
  CHECK(desk.write(desk.order("k.conf", "[global]\nrouter_id = x\n")).fault.empty());
  auto late = desk.order("k.conf", "[global]\nrouter_id = y\n");
  desk.put("a.conf", "# by hand\n");
  const auto refused = desk.write(late);
  CHECK(refused.fault.find("by hand") != std::string::npos);
  CHECK(desk.text("k.conf") == "[global]\nrouter_id = x\n");
  late.before = desk.files();
  CHECK(desk.write(late).version == 4);
  const auto list = desk.versions(3).list;
  CHECK(list[1].comment == "edited by other means");
  CHECK(list[1].texts.at(desk.folder.file("a.conf")) == "# by hand\n");
}

TEST_CASE("no other files are written than the configuration's, and those of a version that comes back") {
  Desk desk;
  CHECK(desk.write(desk.order("other", "x")).fault.find("is no file of the configuration") != std::string::npos);
  CHECK(desk.text("other").empty());
  CHECK(desk.versions().list.empty());
}

TEST_CASE("all files are written, or none") {
  Desk desk;
  auto order = desk.order("k.conf", "new\n");
  order.files[desk.folder.file("a.conf")] = "new\n";
  mkdir(desk.folder.file("full").c_str(), 0700);
  std::filesystem::remove(desk.folder.file("a.conf"));
  std::filesystem::create_symlink("/proc/version", desk.folder.file("a.conf"));  // nobody can write beside it
  order.before = desk.files();
  CHECK(desk.write(order).fault.find("cannot write") != std::string::npos);
  CHECK(desk.text("k.conf") == "[global]\n");
  CHECK(desk.versions().list.size() <= 1);
}

TEST_CASE("what nobody confirms is rolled back at the next start, if its time is over then") {
  Desk desk;
  CHECK(desk.write(desk.order("k.conf", "[global]\nrouter_id = x\n", 60)).fault.empty());
  desk.start();
  desk.scribe->begin();
  desk.scribe->greet();
  CHECK(std::get<core::PendingIs>(desk.told.back()).pending->version == 2);
  CHECK(desk.text("k.conf") == "[global]\nrouter_id = x\n");
  desk.set_time(core::Time{1});
  desk.put("a.conf", "# by hand\n");
  desk.start();
  desk.scribe->begin();
  CHECK(desk.text("k.conf") == "[global]\n");
  CHECK(desk.text("a.conf") == "# a\n");
  CHECK(std::get<core::RolledBack>(desk.told.back()).of == 1);
  const auto list = desk.versions(3).list;
  CHECK(list[0].comment == "version 2 was not confirmed in time: back to version 1");
  CHECK(list[1].texts.at(desk.folder.file("a.conf")) == "# by hand\n");  // nothing is lost
  desk.start();
  desk.scribe->begin();
  CHECK(desk.told.empty());
}

TEST_CASE("what is confirmed stays; a second edit on top of one that waits goes back to before both") {
  Desk desk;
  CHECK(desk.write(desk.order("k.conf", "one\n", 60)).fault.empty());
  CHECK(desk.write(desk.order("k.conf", "two\n", 60)).version == 3);
  CHECK(core::decode_pending(base::as_bytes(desk.text("versions/pending")))->back_to == 1);
  desk.scribe->hear(core::ConfirmFiles{.id = 9});
  CHECK(std::get<core::Wrote>(desk.told.back()).version == 3);
  desk.scribe->hear(core::ConfirmFiles{.id = 10});
  CHECK(!std::get<core::Wrote>(desk.told.back()).fault.empty());
  CHECK(desk.text("versions/pending").empty());
  CHECK(desk.text("k.conf") == "two\n");
}

TEST_CASE("the time to confirm runs in the launcher") {
  Desk desk;
  auto order = desk.order("k.conf", "one\n", 1);
  CHECK(desk.write(order).fault.empty());
  desk.io.run_for(std::chrono::seconds{20});  // returns once the timer has come
  CHECK(desk.text("k.conf") == "[global]\n");
}

TEST_CASE("20 versions are kept") {
  Desk desk;
  for (int i = 0; i < 30; ++i) CHECK(desk.write(desk.order("k.conf", std::to_string(i) + "\n")).fault.empty());
  const auto list = desk.versions().list;
  CHECK(list.size() == Scribe::most_versions);
  CHECK(list.front().number == 31);
  CHECK(list.back().number == 12);
}

TEST_CASE("what is objected to is not written, and makes no version") {
  Desk desk;
  desk.objection = "no";
  CHECK(desk.write(desk.order("k.conf", "x")).fault == "no");
  CHECK(desk.text("k.conf") == "[global]\n");
  CHECK(desk.versions().list.empty());
}
