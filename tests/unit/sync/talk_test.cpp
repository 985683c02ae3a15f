#include "sync/talk.hpp"

#include <doctest/doctest.h>

#include <string_view>

namespace talk_test {

using namespace ipvs;
using namespace ipvs::sync;

namespace {

Facts facts() {
  return {
      .host = "lvs1",
      .interface = "eth1",
      .mtu = 1500,
      .up = true,
      .addresses = {"10.0.0.1/24"},
      .daemons = std::vector{Daemon{DaemonRole::backup, "eth1", {51}, 1472, Address::parse("224.0.0.81"), {8848}, 1}},
      .sysctls = {{"sync_threshold", "3 50"}, {"sync_version", "1"}},
      .relay = true,
      .connections = 7};
}

Entry entry() {
  return {.state = 1,
          .client = *Endpoint::parse("10.0.0.7:40000"),
          .virtual_endpoint = *Endpoint::parse("10.0.0.100:80"),
          .destination = *Endpoint::parse("10.0.0.11:80"),
          .timeout = 900};
}

std::optional<Talk> through(const Talk& message) {
  const std::string frame = encode(message);
  CHECK(base::ByteReader{base::as_bytes(frame)}.u32() == frame.size() - frame_head);
  return decode_talk(base::as_bytes(std::string_view{frame}.substr(frame_head)));
}

}  // namespace

TEST_CASE("every message survives the way") {
  const Talk messages[] = {Hello{1, facts()},
                           Hello{},
                           AskParity{{{1, 2}, {3, 4}}},
                           Parity{10, {{7, {1, 2, 3}}, {9, {}}}},
                           AskEntries{{5, 6}},
                           Entries{{entry(), entry()}},
                           AskResync{},
                           Batch{std::vector<Entry>(3000, entry())},
                           ResyncEnd{3000, "no"},
                           AskProbe{17},
                           Probed{true},
                           Probed{false}};
  for (const Talk& message : messages) CHECK(through(message) == message);
}

TEST_CASE("what is cut, longer or unknown is no message") {
  const std::string frame = encode(Talk{Parity{10, {{7, {1, 2, 3}}}}});
  const std::string_view body = std::string_view{frame}.substr(frame_head);
  for (std::size_t size = 0; size < body.size(); ++size) CHECK_FALSE(decode_talk(base::as_bytes(body.substr(0, size))));
  CHECK_FALSE(decode_talk(base::as_bytes(std::string{body} + "x")));
  CHECK_FALSE(decode_talk(base::as_bytes("\x7f")));
  CHECK_FALSE(decode_talk({}));
}

TEST_CASE("of a greeting in another version the version is read, and told") {
  base::ByteWriter out;
  out.u8(0);
  out.u16(2);
  out.bytes(base::as_bytes(std::string_view{"whatever version 2 has to say"}));
  const std::string body = std::move(out).take();
  const auto hello = decode_talk(base::as_bytes(body));
  REQUIRE(hello);
  CHECK(*hello == Talk{Hello{.version = 2}});
  CHECK(objection(std::get<Hello>(*hello)) == "speaks version 2, this one 1: upgrade the older");
  CHECK(objection(Hello{}) == "");
}

}  // namespace talk_test
