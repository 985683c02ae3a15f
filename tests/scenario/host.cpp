#include "host.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <iterator>
#include <utility>

#include "base/bytes.hpp"

namespace keepalive::core::vrrp {
namespace {

std::string told(const std::string& bytes, const Envelope& envelope) {
  const auto result = decode(base::as_bytes(bytes), envelope);
  const std::string ends = fmt::format("{} > {}", to_string(envelope.source), to_string(envelope.destination));
  if (const auto* drop = std::get_if<Drop>(&result)) return fmt::format("{} {}", ends, to_string(*drop));
  const Advertisement& heard = std::get<Heard>(result).advertisement;
  return fmt::format("{} id {} priority {}", ends, heard.id, heard.priority);
}

std::string some(const std::vector<std::string>& words) {
  constexpr std::size_t most = 3;
  if (words.size() > most) return fmt::format(" {} addresses", words.size());
  std::string line;
  for (const std::string& word : words) line += " " + word;
  return line;
}

/// Where the address stands in a gratuitous ARP or a neighbour advertisement.
std::string announced(const std::string& frame) {
  constexpr std::size_t arp_size = 42;
  const bool arp = frame.size() == arp_size;
  const auto copy = [&]<std::size_t size>(std::array<std::uint8_t, size> bytes, std::size_t from) {
    std::copy_n(frame.begin() + static_cast<std::ptrdiff_t>(from), size, bytes.begin());
    return to_string(ipvs::Address{bytes});
  };
  return arp ? copy(std::array<std::uint8_t, 4>{}, 28) : copy(std::array<std::uint8_t, 16>{}, 22);
}

struct Teller {
  std::string operator()(const Transmit& action) const {
    return fmt::format("send {} {}", action.interface, told(action.bytes, action.envelope));
  }
  std::string operator()(const Alter& action) const {
    std::vector<std::string> words;
    for (const VirtualAddress& one : action.addresses) words.push_back(to_string(one.address));
    const bool add = action.operation == Alter::Operation::add;
    return fmt::format("{} {}{}", add ? "add" : "remove", action.interface, some(words));
  }
  std::string operator()(const Announce& action) const {
    std::vector<std::string> words;
    for (const std::string& frame : action.frames) words.push_back(announced(frame));
    return fmt::format("announce {}{}", action.interface, some(words));
  }
  std::string operator()(const Lay& action) const {
    return fmt::format("{} {} {} routes {} rules", action.wanted ? "lay" : "withdraw", action.instance,
                       action.routes.size(), action.rules.size());
  }
  std::string operator()(const News& action) const {
    return fmt::format("{} {}: {}", action.kind, action.instance, action.cause.empty() ? action.text : action.cause);
  }
  std::string operator()(const Speak& action) const { return "say " + action.line; }
  std::string operator()(const Ask& action) const {
    return fmt::format("ask {} through {}", action.witness, action.interface);
  }

  std::string operator()(const Configured& event) const {
    std::string line = "configured";
    for (const Instance& one : event.instances) line += fmt::format(" {} priority {}", one.name, one.priority);
    return line;
  }
  std::string operator()(const Legacy& event) const {
    return fmt::format("follows a predecessor with {} instances", event.instances.size());
  }
  std::string operator()(const LinkIs& event) const {
    const char* state = !event.link ? "gone" : event.link->works ? "up" : "down";
    return fmt::format("{} is {}", event.interface, state);
  }
  std::string operator()(const AddressIs& event) const {
    return fmt::format("{} {} is {}", event.place.interface, to_string(event.place.address),
                       event.present ? "there" : "gone");
  }
  std::string operator()(const Received& event) const {
    return fmt::format("hears {} {}", event.interface, told(event.bytes, event.envelope));
  }
  std::string operator()(const Seen& event) const {
    return fmt::format("sees {} {}", event.place.interface, to_string(event.place.address));
  }
  std::string operator()(const Altered& event) const {
    const auto refused = std::count_if(event.errors.begin(), event.errors.end(), [](int error) { return error != 0; });
    return fmt::format("altered {}, {} refused", event.errors.size(), refused);
  }
  std::string operator()(const Tracked& event) const {
    return fmt::format("{} is {}", event.name, event.well ? "well" : "not well");
  }
  std::string operator()(const Switchover& event) const {
    return fmt::format("switchover {} to {}", event.instance, event.to_master ? "master" : "backup");
  }
  std::string operator()(const Synced& event) const { return event.synced ? "is synced" : "is not synced"; }
  std::string operator()(const LineHeard& event) const { return "hears line " + event.line; }
  std::string operator()(const Answered& event) const {
    return fmt::format("{} answers through {}", event.witness, event.interface);
  }
  std::string operator()(const HandOver&) const { return "hand over"; }
  std::string operator()(const Tick&) const { return "tick"; }
  std::string operator()(const Stop&) const { return "stop"; }
};

void append(Actions& list, Actions more) { std::move(more.begin(), more.end(), std::back_inserter(list)); }

}  // namespace

std::string text(const Action& action) { return std::visit(Teller{}, action); }

std::string text(const Event& event) { return std::visit(Teller{}, event); }

std::string text(const Actions& actions) {
  std::string lines;
  for (const Action& action : actions) lines += text(action) + "\n";
  return lines;
}

Altered Host::carry_out(const Alter& order) {
  Altered outcome{.order = order};
  const bool add = order.operation == Alter::Operation::add;
  for (const VirtualAddress& one : order.addresses) {
    const Place place{order.interface, one.address};
    const auto refused = refusals.find(place);
    int error = refused == refusals.end() ? 0 : refused->second;
    if (error == 0 && add && !addresses.insert(place).second) error = EEXIST;
    if (error == 0 && !add && addresses.erase(place) == 0) error = EADDRNOTAVAIL;
    outcome.errors.push_back(error);
  }
  return outcome;
}

Actions Host::step(const Event& event, Time now) {
  Actions all;
  for (Action& action : router.step(event, now)) {
    all.push_back(action);
    const auto* order = std::get_if<Alter>(&action);
    if (order == nullptr) continue;
    const Altered outcome = carry_out(*order);
    append(all, step(outcome, now));
    const bool add = order->operation == Alter::Operation::add;
    for (std::size_t i = 0; notifies && i < outcome.errors.size(); ++i)
      if (outcome.errors[i] == 0)
        append(all, step(AddressIs{{order->interface, order->addresses[i].address}, add}, now));
  }
  return all;
}

Actions Host::run(Time until) {
  Actions all;
  Time now{0};
  for (auto due = router.deadline(); due && *due <= until; due = router.deadline()) {
    now = std::max(now, *due);
    append(all, step(Tick{}, now));
  }
  return all;
}

Actions Host::put(const Place& place, Time now) {
  addresses.insert(place);
  return step(AddressIs{place, true}, now);
}

Actions Host::take_away(const Place& place, Time now) {
  addresses.erase(place);
  return step(AddressIs{place, false}, now);
}

}  // namespace keepalive::core::vrrp
