// Texts of others: what they may change, and what they may read.
#include "drafts.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include <cstdlib>
#include <fstream>

#include "../io/folder.hpp"
#include "config/trust.hpp"

using namespace keepalive;

namespace {

struct Draft {
  explicit Draft(const std::string& monitor = "allow = configure\n") {
    put("users", "# nobody\n");
    put("secret", "s3cret = s3cret\n");
    put("other", "[global]\nrouter_id = others\n");
    plain = "[monitor]\nlisten = 127.0.0.1:8443\nusers = file:" + folder.file("users") + "\n" + monitor + "[global]\n" +
            "script_user = nobody\non_start = /bin/true one\n" + checks;
    put("k.conf", plain);
  }
  void put(const std::string& name, const std::string& text) {
    std::ofstream{folder.file(name)} << text;
    ::chmod(folder.file(name).c_str(), 0600);
  }
  std::string objection(const std::string& text) const { return drafts.objection({{folder.file("k.conf"), text}}); }
  core::Bundle look(const std::string& text) const { return drafts.look({{folder.file("k.conf"), text}}); }
  std::string with(const std::string& more) const { return plain + more; }
  std::string replaced(const std::string& part, const std::string& other) const {
    std::string text = plain;
    REQUIRE(text.find(part) != std::string::npos);
    return text.replace(text.find(part), part.size(), other);
  }

  Folder folder;
  std::string checks = "[check c]\ntype = http\nlogin = x\npassword = file:" + folder.file("secret") + "\n";
  std::string plain = "";
  const Config* in_force = nullptr;
  Drafts drafts{folder.file("k.conf"), [this] { return in_force; }};
};

bool tells(const std::string& fault, std::string_view text) { return fault.find(text) != std::string::npos; }

const std::string more_pool = "[pool p]\nserver = 10.0.0.1:80\n";

}  // namespace

TEST_CASE("files are written only where their own text allows edits, whatever the one who asks believes") {
  CHECK(Draft{}.objection(Draft{}.with(more_pool)) ==
        "these texts have faults, or name files that the configuration does not "
        "name yet");  // another's files
  const Draft draft;
  CHECK(draft.objection(draft.with(more_pool)) == "");
  for (const auto* const monitor : {"", "allow = read\n", "allow = operate\n"}) {
    const Draft closed{monitor};
    CHECK(tells(closed.objection(closed.with(more_pool)), "allow = configure"));
    CHECK(tells(closed.objection(closed.plain), "allow = configure"));
  }
  Draft none;
  none.put("k.conf", more_pool);
  CHECK(tells(none.objection(more_pool), "allow = configure"));
}

TEST_CASE("files with faults are judged by the configuration in force") {
  Draft draft;
  auto good = load(read_bundle(draft.folder.file("k.conf")));
  REQUIRE(good);
  draft.put("k.conf", draft.with("nonsense\n"));
  CHECK(tells(draft.objection(draft.plain), "allow = configure"));
  draft.in_force = &*good;
  CHECK(draft.objection(draft.plain) == "");
}

TEST_CASE("an edit names no new program, no other user for one, and no more rights; less is no matter") {
  const Draft draft;
  struct Row {
    std::string text;
    std::string fault;
  };
  const Row rows[] = {
      {draft.replaced("true one", "true two"), "`/bin/true two' would run as nobody"},
      {draft.replaced("user = nobody", "user = root"), "`/bin/true one' would run as root"},
      {draft.with("[check d]\ntype = script\ncommand = /bin/sh -c x\n" + more_pool),
       "`/bin/sh -c x' would run as nobody"},
      {draft.with("[check d]\ntype = script\ncommand = /bin/true one\nuser = root\n"), "would run as root"},
      {draft.with("[pool p]\nserver = 10.0.0.1:80\non_quorum_up = /bin/true one\n"), ""},
      {draft.replaced("on_start = /bin/true one\n", ""), ""},
      {draft.replaced("allow = configure\n", "allow = configure\ntrust_edits = yes\n"), "`trust_edits' would be"},
      {draft.replaced("allow = configure\n", "allow = read\n"), ""},
      {draft.replaced("allow = configure\n", "allow = configure\nsession_idle = 5m\n"), ""},
  };
  for (const Row& row : rows) {
    CAPTURE(row.text);
    const std::string fault = draft.objection(row.text);
    CHECK(fault.empty() == row.fault.empty());
    CHECK(tells(fault, row.fault));
    if (!row.fault.empty()) CHECK(tells(fault, "trust_edits = yes"));
  }
  const Draft trusting{"allow = configure\ntrust_edits = yes\n"};
  CHECK(trusting.objection(trusting.replaced("user = nobody", "user = root")) == "");
}

TEST_CASE("an edit that goes too far is told of at its line") {
  const Draft draft;
  struct Row {
    std::string text;
    std::string source;
  };
  const Row rows[] = {
      {draft.replaced("true one", "true two"), "on_start = /bin/true two"},
      {draft.replaced("allow = configure\n", "allow = configure\ntrust_edits = yes\n"), "trust_edits = yes"},
  };
  const auto before = load(read_bundle(draft.folder.file("k.conf")));
  REQUIRE(before);
  for (const Row& row : rows) {
    CAPTURE(row.source);
    const core::Bundle texts = draft.look(row.text);
    const auto after = load(texts);
    REQUIRE(after);
    const auto fault = overreach_fault(*before, *after, texts);
    REQUIRE(fault);
    CHECK(fault->source == row.source);
    CHECK(fault->position.file.text() == draft.folder.file("k.conf"));
    CHECK(fault->position.line > 1);
  }
  CHECK(!overreach_fault(*before, *before, read_bundle(draft.folder.file("k.conf"))));
}

TEST_CASE("a text of others reads no file and no variable that the files do not name, nor a secret as configuration") {
  const Draft draft;
  ::setenv("KEEPALIVE_SECRET", "s3cret", 1);
  const auto text_of = [&](const core::Bundle& bundle, const std::string& name) {
    const auto found = bundle.texts.find(draft.folder.file(name));
    return found == bundle.texts.end() ? "" : found->second;
  };
  const std::string include = "[global]\ninclude = ";
  for (const std::string name : {"other", "secret", "oth*"}) {
    CAPTURE(name);
    const std::string text = draft.with(include + draft.folder.file(name) + "\n");
    const core::Bundle seen = draft.look(text);
    CHECK(text_of(seen, "other") == "");
    CHECK(seen.sources == std::vector{draft.folder.file("k.conf")});
    const auto config = load(seen);
    REQUIRE_FALSE(config);
    CHECK_FALSE(tells(base::render(config.error()), "s3cret ="));
    CHECK(draft.objection(text) != "");
  }
  const std::string key = "[check d]\ntype = http\nlogin = x\npassword = file:";
  CHECK(text_of(draft.look(draft.with(key + draft.folder.file("other") + "\n")), "other") == "");
  CHECK(text_of(draft.look(draft.with(key + draft.folder.file("secret") + "\n")), "secret") != "");
  CHECK(draft.look(draft.with("router_id = ${KEEPALIVE_SECRET}\n")).environment.empty());
  const Draft trusting{"allow = configure\ntrust_edits = yes\n"};
  CHECK(trusting.look(trusting.with(include + trusting.folder.file("other") + "\n")).sources.size() == 2);
}
