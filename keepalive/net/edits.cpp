#include "net/edits.hpp"

#include <linux/fib_rules.h>
#include <linux/if.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

#include "net/address_request.hpp"
#include "net/netlink.hpp"

namespace keepalive::net {
namespace {

using netlink::Writer;

constexpr std::uint8_t ours = 18;  // RTPROT_KEEPALIVED: `ip route` names it "keepalived"

std::uint8_t short_table(std::uint32_t table) {
  return static_cast<std::uint8_t>(table < 256 ? table : RT_TABLE_COMPAT);
}

std::uint8_t type(RouteKind kind) {
  constexpr std::array<std::uint8_t, 4> types = {RTN_UNICAST, RTN_BLACKHOLE, RTN_UNREACHABLE, RTN_PROHIBIT};
  return types[static_cast<std::size_t>(kind)];
}

std::uint8_t scope_of(const Route& route) {
  const bool direct = route.kind == RouteKind::unicast && !route.via;
  if (route.destination.address.family() == ipvs::Family::ipv6) return scope::global;
  return route.scope.value_or(direct ? scope::link : scope::global);
}

rtmsg header(const Route& route) {
  rtmsg its{};
  its.rtm_family = netlink::family_number(route.destination.address.family());
  its.rtm_dst_len = route.destination.length;
  its.rtm_table = short_table(route.table);
  its.rtm_protocol = ours;
  its.rtm_scope = scope_of(route);
  its.rtm_type = type(route.kind);
  its.rtm_flags = route.onlink ? RTNH_F_ONLINK : 0;
  return its;
}

/// A gateway of the other family has a form of its own.
void put_gateway(Writer& writer, const Route& route) {
  if (route.via->family() == route.destination.address.family()) return writer.put(RTA_GATEWAY, *route.via);
  std::array<std::uint8_t, 18> via{};
  const std::uint16_t family = netlink::family_number(route.via->family());
  std::memcpy(via.data(), &family, sizeof family);
  const auto bytes = route.via->bytes();
  std::copy(bytes.begin(), bytes.end(), via.begin() + sizeof family);
  writer.attribute(RTA_VIA, via.data(), sizeof family + bytes.size());
}

bool write(Writer& writer, std::uint16_t message, unsigned flags, std::uint32_t sequence, const Route& route) {
  return writer.message(message, flags, sequence, header(route), [&] {
    writer.put(RTA_TABLE, route.table);
    if (route.destination.length > 0) writer.put(RTA_DST, route.destination.address);
    if (route.via) put_gateway(writer, route);
    if (route.interface != 0) writer.put(RTA_OIF, route.interface);
    if (route.source) writer.put(RTA_PREFSRC, *route.source);
    if (route.metric != 0) writer.put(RTA_PRIORITY, route.metric);
    if (route.mtu != 0) writer.nested(RTA_METRICS, [&] { writer.put(RTAX_MTU, route.mtu); });
  });
}

bool write(Writer& writer, std::uint16_t message, unsigned flags, std::uint32_t sequence, const Rule& rule) {
  fib_rule_hdr its{};
  its.family = netlink::family_number(rule.family);
  its.dst_len = rule.to ? rule.to->length : std::uint8_t{0};
  its.src_len = rule.from ? rule.from->length : std::uint8_t{0};
  its.table = short_table(rule.table);
  its.action = FR_ACT_TO_TBL;
  return writer.message(message, flags, sequence, its, [&] {
    writer.put(FRA_TABLE, rule.table);
    writer.put(FRA_PROTOCOL, ours);
    if (its.src_len > 0) writer.put(FRA_SRC, rule.from->address);
    if (its.dst_len > 0) writer.put(FRA_DST, rule.to->address);
    if (!rule.in.empty()) writer.put(FRA_IIFNAME, rule.in);
    if (!rule.out.empty()) writer.put(FRA_OIFNAME, rule.out);
    if (rule.mark_mask != 0) writer.put(FRA_FWMARK, rule.mark);
    if (rule.mark_mask != 0) writer.put(FRA_FWMASK, rule.mark_mask);
    writer.put(FRA_PRIORITY, rule.priority);
  });
}

/// `write(writer, sequence, item)` for each; `left(errno)` is the answer.
template <class T, class Write, class Left>
Answers each(netlink::Requests& requests, std::span<const T> items, Write write_one, Left left) {
  Answers answers(items.size());
  requests.run(
      items.size(),
      [&](Writer& writer, std::uint32_t sequence, std::size_t i) { return write_one(writer, sequence, items[i]); },
      [&](std::size_t i, int error) { answers[i] = left(error); });
  return answers;
}

template <class T>
Answers each(netlink::Requests& requests, std::uint16_t message, unsigned flags, std::span<const T> items) {
  return each(
      requests, items,
      [&](Writer& writer, std::uint32_t sequence, const T& item) {
        return write(writer, message, flags, sequence, item);
      },
      [](int error) { return error; });
}

/// Ever larger pieces until the next one would not be done in time.
template <class T, class Write, class Left>
Answers within(Budget budget, netlink::Requests& requests, std::span<const T> items, Write write_one, Left left) {
  using Clock = std::chrono::steady_clock;
  Answers answers;
  const Clock::time_point end = Clock::now() + budget;
  Clock::time_point begin = Clock::now();
  for (std::size_t size = 16; answers.size() < items.size();) {
    const auto rest = items.subspan(answers.size());
    const Answers some = each(requests, rest.first(std::min(size, rest.size())), write_one, left);
    answers.insert(answers.end(), some.begin(), some.end());
    const Clock::time_point now = Clock::now();
    const Budget took = now - std::exchange(begin, now);
    if (end - now < took) break;
    if (end - now > 2 * took) size = std::min(2 * size, std::size_t{128});
  }
  return answers;
}

Answers without(int gone, Answers answers) {
  for (int& answer : answers)
    if (answer == gone || answer == ENODEV) answer = 0;
  return answers;
}

constexpr unsigned create = NLM_F_CREATE | NLM_F_EXCL;

}  // namespace

Edits::Edits(std::unique_ptr<netlink::Requests> requests) : requests_{std::move(requests)} {}
Edits::Edits(Edits&&) noexcept = default;
Edits& Edits::operator=(Edits&&) noexcept = default;
Edits::~Edits() = default;

Outcome<Edits> Edits::open() {
  auto fd = netlink::Requests::socket();
  if (!fd) return tl::unexpected(fd.error());
  return Edits{std::make_unique<netlink::Requests>(std::move(*fd))};
}

Answers Edits::add(std::span<const InterfaceAddress> addresses, Budget budget) {
  return within(budget, *requests_, addresses, write_add, left_of_adding);
}

Answers Edits::remove(std::span<const HeldAddress> addresses, Budget budget) {
  return within(budget, *requests_, addresses, write_remove, left_of_removing);
}

/// EEXIST says that another route has the place, or this one. Which, its removal tells: only this one can be removed.
Answers Edits::add(std::span<const Route> routes) {
  Answers answers = each(*requests_, RTM_NEWROUTE, create, routes);
  for (std::size_t i = 0; i < routes.size(); ++i) {
    const std::span<const Route> one = routes.subspan(i, 1);
    if (answers[i] == EEXIST && each(*requests_, RTM_DELROUTE, 0, one)[0] == 0)
      answers[i] = each(*requests_, RTM_NEWROUTE, create, one)[0];
  }
  return answers;
}

Answers Edits::remove(std::span<const Route> routes) {
  return without(ESRCH, each(*requests_, RTM_DELROUTE, 0, routes));
}

Answers Edits::add(std::span<const Rule> rules) {
  Answers answers = each(*requests_, RTM_NEWRULE, create, rules);
  for (int& answer : answers) answer = answer == EEXIST ? 0 : answer;
  return answers;
}

Answers Edits::remove(std::span<const Rule> rules) { return without(ENOENT, each(*requests_, RTM_DELRULE, 0, rules)); }

}  // namespace keepalive::net
