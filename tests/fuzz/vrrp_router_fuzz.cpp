// A router and whatever may happen to it, in any order: each input is a list of events. It is never busy with nothing,
// and once it is told to stop it finishes and leaves no address of ours in the kernel.
#include <cerrno>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "fuzz.hpp"
#include "host.hpp"

namespace {

using namespace keepalive::core::vrrp;
using fuzz::must;
using std::chrono::milliseconds;
using std::chrono::seconds;

ipvs::Address address(std::uint8_t network, std::uint8_t host) {
  return ipvs::Address{std::array<std::uint8_t, 4>{10, network, 0, host}};
}

ipvs::Address address6(std::uint8_t host) {
  std::array<std::uint8_t, 16> bytes{0xfe, 0x80};
  bytes.back() = host;
  return ipvs::Address{bytes};
}

ipvs::Address any_address(std::uint8_t byte) {
  constexpr std::uint8_t from = 200;
  return byte >= from ? address6(byte) : address(byte % 3, byte / 3);
}

const HmacKey key{.id = 1, .secret = std::string(32, 'k')};

std::string interface(std::uint8_t byte) { return byte % 4 == 3 ? "lo" : "eth" + std::to_string(byte % 3); }

class Run {
 public:
  explicit Run(std::span<const std::uint8_t> bytes) : in_{bytes} {}

  void all() {
    constexpr std::size_t most = 400;
    for (std::size_t steps = 0; in_.left() > 0 && steps < most; ++steps) one();
    settle();
  }

 private:
  void one();
  void step(const Event& event) {
    stopped_ = stopped_ || std::holds_alternative<Stop>(event);
    host_.step(event, now_);
  }
  void configure(std::uint8_t byte);
  Instance instance(std::uint8_t number);
  void link(std::uint8_t byte);
  void put(const Place& place);
  void receive();
  void refuse(std::uint8_t byte);
  void tick_until(Time until);
  void settle();

  base::ByteReader in_;
  Host host_ = {};
  Time now_{0};
  bool stopped_ = false;
  std::set<Place> configured_ = {};  // ever
  std::set<Place> foreign_ = {};     // put there by somebody else since
};

Instance Run::instance(std::uint8_t number) {
  const std::uint8_t how = in_.u8();
  Instance one{.name = "v" + std::to_string(number % 5), .interface = "eth" + std::to_string(how % 3)};
  one.id = static_cast<std::uint8_t>(1 + (how >> 2U) % 4);
  one.priority = std::max<std::uint8_t>(in_.u8(), 1);
  one.version = (how & 0x80U) != 0 ? Version::v2 : Version::v3;
  if (one.version == Version::v3 && (how & 0x40U) != 0) one.family = ipvs::Family::ipv6;
  if (one.version == Version::v3) one.advertise = milliseconds{10 * (1 + in_.u8() % 100)};
  one.failback = {static_cast<Failback::Kind>(in_.u8() % 4), milliseconds{500}};
  one.group = in_.u8() % 3 == 0 ? "g" : "";
  for (int left = in_.u8() % 5; left > 0; --left) {
    const std::uint8_t byte = in_.u8();
    one.addresses.push_back({.address = any_address(byte), .interface = byte % 7 == 0 ? "eth2" : ""});
  }
  if (const std::uint8_t track = in_.u8(); track % 2 == 0)
    one.track.push_back({static_cast<Track::Kind>(track % 6), "eth1", static_cast<std::int8_t>(in_.u8())});
  if (how % 7 == 0) one.hmac = {.mode = static_cast<Hmac::Mode>(1 + how % 3), .keys = {key}};
  if (how % 11 == 0) one.peers.push_back({.address = any_address(in_.u8())});
  return one;
}

void Run::configure(std::uint8_t byte) {
  Configured event;
  std::set<Place> taken;  // no address belongs to two
  for (std::uint8_t i = 0; i < byte % 5; ++i) {
    Instance next = instance(static_cast<std::uint8_t>(byte % 5 + i));  // no name twice
    std::erase_if(next.addresses, [&](const auto& each) { return !taken.insert(place_of(next, each)).second; });
    event.instances.push_back(std::move(next));
  }
  step(event);
  if (stopped_) return;
  for (const Place& place : taken) foreign_.erase(place);
  configured_.merge(taken);
}

void Run::link(std::uint8_t byte) {
  const bool gone = (byte & 0x80U) != 0;
  const Link one{
      .mac = {2, 0, 0, 0, 0, 1}, .mtu = byte * 20U, .works = (byte & 0x40U) == 0, .router = (byte & 0x20U) == 0};
  step(LinkIs{interface(byte), gone ? std::nullopt : std::optional{one}});
}

void Run::put(const Place& place) {
  foreign_.insert(place);
  host_.put(place, now_);
}

void Run::receive() {
  const std::uint8_t how = in_.u8();
  const bool six = (how & 1U) != 0;
  const Envelope from{.source = six ? address6(in_.u8()) : address(how % 3, in_.u8()),
                      .destination = *ipvs::Address::parse(six ? "ff02::12" : "224.0.0.18")};
  Advertisement told{.version = !six && (how & 2U) != 0 ? Version::v2 : Version::v3};
  told.id = static_cast<std::uint8_t>(1 + in_.u8() % 4);
  told.priority = in_.u8();
  told.interval = told.version == Version::v2 ? Time{seconds{1}} : Time{milliseconds{10 * (in_.u8() % 100)}};
  told.addresses = {six ? address6(1) : address(0, 1)};
  std::optional<Signature> signature;
  if ((how & 8U) != 0) signature = {key, sequence_at(now_ + milliseconds{in_.u8() * 25})};
  std::string bytes = encode(told, from, (how & 4U) != 0 ? Checksum::plain : Checksum::pseudo_header, signature);
  if ((how & 0xf0U) == 0xf0U) bytes.resize(in_.u8() % (bytes.size() + 1));
  step(Received{"eth" + std::to_string(how % 3), from, bytes});
}

void Run::refuse(std::uint8_t byte) {
  constexpr std::uint8_t edits = 250;
  if (byte >= edits)
    host_.notifies = byte % 2 == 0;
  else
    host_.refusals[{interface(byte), any_address(in_.u8())}] = byte % 2 == 0 ? ENOBUFS : EPERM;
}

void Run::one() {
  const std::uint8_t kind = in_.u8();
  const std::uint8_t byte = in_.u8();
  const bool flag = (byte & 0x80U) != 0;
  switch (kind % 12) {
    case 0:
      return configure(byte);
    case 1:
      return link(byte);
    case 2:
      return put({interface(byte), any_address(in_.u8())});
    case 3:
      host_.take_away({interface(byte), any_address(in_.u8())}, now_);
      return;
    case 4:
      return receive();
    case 5:
      return step(Seen{{interface(byte), any_address(in_.u8())}, Mac{2, 0, 0, 0, 0, byte}});
    case 6:
      return step(Tracked{static_cast<Track::Kind>(byte % 6), "eth1", flag});
    case 7:
      return step(Switchover{"v" + std::to_string(byte % 6), flag});
    case 8:
      return tick_until(now_ + milliseconds{byte} * 4);
    case 9:
      now_ += milliseconds{byte} * 50;  // asleep
      return;
    case 10:
      return refuse(byte);
    default:
      return step(byte == 255 ? Event{Stop{}} : Event{Tick{}});
  }
}

void Run::tick_until(Time until) {
  constexpr std::size_t most = 20'000;
  std::size_t ticks = 0;
  for (auto due = host_.router.deadline(); due && *due <= until; due = host_.router.deadline()) {
    now_ = std::max(now_, *due);
    step(Tick{});
    must(++ticks < most);  // or it is busy with nothing
  }
  now_ = until;
}

/// Nothing is refused any more, and it is to stop: what is left must be somebody else's.
void Run::settle() {
  host_.refusals.clear();
  step(Stop{});
  tick_until(now_ + seconds{10});
  must(host_.router.finished());
  must(!host_.router.deadline());
  for (const Place& place : configured_)
    for (const Place& each : {place, Place{std::string{loopback}, place.address}})
      must(foreign_.contains(each) || !host_.addresses.contains(each));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Run{{data, size}}.all();
  return 0;
}
