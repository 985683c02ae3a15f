#include "core/messages.hpp"

#include <doctest/doctest.h>

#include <set>

#include "base/bytes.hpp"
#include "core/alerts.hpp"
#include "core/launch.hpp"

namespace messages_test {

using namespace keepalive::core;

namespace {

const ipvs::Endpoint v4 = ipvs::Endpoint::parse("10.0.0.1:80").value();
const ipvs::Endpoint v6 = ipvs::Endpoint::parse("[fd00::1]:65535").value();
const std::string any{"a\0\xff\n", 4};
const Verdict verdict{.good = true,
                      .evidence = any,
                      .latency = std::chrono::microseconds{-1},
                      .weight = -7,
                      .certificate = {0xffffffffffffffff, true}};

/// One of each, every member away from its default.
const std::vector<Message> messages{
    SetCheck{0xffffffff, any},
    SetTargets{{{1, 2, v4, {3}, v6, State::down, "host"}, {4, 5, v6, {0xffffffff}, {}, State::up, ""}}},
    SetTargets{},
    DropTargets{{1, 2, 0xffffffff}},
    DropCheck{9},
    ScriptDone{7, 8, -9, true, any},
    Transition{1, State::up, verdict},
    Transition{1, State::unknown, {.latency = std::chrono::hours{1}}},
    Summaries{{{1, 2, 3, 4, verdict, any}, {}}},
    Alive{std::chrono::microseconds{5}, 6},
    RunScript{1, 2, 3},
    Failures{{{1, any}, {}}, 4},
    GotSocket{1, 2, any},
    WantSockets{1, 2, 3},
};

const std::vector<Launch> launches{
    Fetch{true, {{"/etc/k.conf", any}}},
    Adopt{0xffffffff},
    Drop{0xfffffffe},
    WantRoles{3, false, true},
    RestartProber{2},
    Beat{},
    Failed{any},
    RunProgram{1, "web/b", 2, 3, {"a", any}, {{"A", "b"}, {"C", any}}, 0xffffffffffff, true},
    RunNft{1, {"-f", any}, any},
    Bundle{1,
           "/etc/k.conf",
           true,
           {{"a", any}, {"b", ""}},
           {"a"},
           {{"*.conf", {"x", "y"}}, {"z", {}}},
           {{"c", "no"}},
           {{"E", "f"}}},
    ProgramDone{1, -15, true, any},
    NewRole{NewRole::Kind::sender, 4},
    WriteFiles{1, {{"a", any}}, {{"a", "b"}}, "anna", any, 7, 60, 5},
    ConfirmFiles{2},
    AskVersions{3, 7, {"a", any}},
    Versions{3, {{.number = 7, .by = any, .texts = {{"a", any}}}, {.number = 6}}, {{"a", true}}},
    Wrote{1, 8, any},
    PendingIs{Pending{.version = 8, .back_to = 7, .until = Time{9}, .term = Time{8}}},
    RolledBack{9, 7},
    Signalled{-1},
    Renew{},
    Retire{},
};

base::Bytes bytes(const std::string& text, std::size_t size) { return base::as_bytes(text).first(size); }

}  // namespace

TEST_CASE("a message comes through as it was, every kind of it") {
  std::set<std::size_t> kinds;
  for (const Message& message : messages) {
    CAPTURE(message.index());
    kinds.insert(message.index());
    CHECK(decode(base::as_bytes(encode(message))) == message);
  }
  CHECK(kinds.size() == std::variant_size_v<Message>);
}

TEST_CASE("a launcher's message comes through as it was, every kind of it") {
  std::set<std::size_t> kinds;
  for (const Launch& message : launches) {
    CAPTURE(message.index());
    kinds.insert(message.index());
    const std::string once = encode(message);
    const auto read = decode_launch(base::as_bytes(once));
    REQUIRE(read);
    CHECK(read->index() == message.index());
    CHECK(encode(*read) == once);
  }
  CHECK(kinds.size() == std::variant_size_v<Launch>);
  const auto bundle = decode_launch(base::as_bytes(encode(launches[9])));
  CHECK(encode(std::get<Bundle>(launches[9])) == encode(launches[9]));
  CHECK(std::get<Bundle>(*bundle).globs == std::get<Bundle>(launches[9]).globs);
  CHECK(std::get<Bundle>(*bundle).texts == std::get<Bundle>(launches[9]).texts);
}

TEST_CASE("a message that is cut off anywhere, or longer, is none") {
  for (const Message& message : messages) {
    const std::string text = encode(message);
    CAPTURE(message.index());
    for (std::size_t size = 0; size < text.size(); ++size) CHECK(!decode(bytes(text, size)));
    CHECK(!decode(base::as_bytes(text + "x")));
  }
  for (const Launch& message : launches) {
    const std::string text = encode(message);
    CAPTURE(message.index());
    for (std::size_t size = 0; size < text.size(); ++size) CHECK(!decode_launch(bytes(text, size)));
    CHECK(!decode_launch(base::as_bytes(text + "x")));
  }
}

TEST_CASE("what no sender writes is none") {
  const auto none = [](std::string_view text) { return !decode(base::as_bytes(text)); };
  CHECK(none({"\x0c", 1}));  // no such kind
  CHECK(none({"\xff", 1}));
  CHECK(none({"\x02\xff\xff\xff\xff", 5}));          // a list of 4,294,967,295
  CHECK(none({"\x00\0\0\0\0\xff\xff\xff\xff", 9}));  // a text of as much
  std::string transition = encode(Message{Transition{}});
  transition[5] = 3;  // no such state
  CHECK(none(transition));
  std::string role = encode(Launch{NewRole{NewRole::Kind::monitor, 0}});
  CHECK(decode_launch(base::as_bytes(role)));
  ++role[role.size() - 5];  // no such role
  CHECK(!decode_launch(base::as_bytes(role)));
  std::string alert = encode(Dispatch{Alert{.level = Alert::Level::alert}});
  CHECK(decode_dispatch(base::as_bytes(alert)));
  ++alert.back();  // no such level
  CHECK(!decode_dispatch(base::as_bytes(alert)));
  std::string targets = encode(Message{SetTargets{{{1, 2, v4, {}, {}, State::up, ""}}}});
  targets[13] = 5;  // no such length of an address
  CHECK(none(targets));
}

TEST_CASE("the bytes on the wire are these") {
  CHECK(encode(Message{
            Transition{0x01020304, State::down, {.good = true, .evidence = "ab", .latency = Time{5}, .weight = 6}}}) ==
        std::string{"\x05\x01\x02\x03\x04\x02\x01\0\0\0\x02"
                    "ab\0\0\0\0\0\0\0\x05\x01\0\0\0\x06\0\0\0\0\0\0\0\0\0",
                    35});
}

}  // namespace messages_test
