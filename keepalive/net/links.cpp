#include "net/links.hpp"

#include <linux/if_addr.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <iterator>
#include <optional>
#include <utility>

#include "net/feed.hpp"
#include "net/link_message.hpp"
#include "net/netlink.hpp"

namespace keepalive::net {
namespace {

constexpr std::chrono::milliseconds pause_length{100};

/// In IPv4 IFA_ADDRESS is the other end where there is one; in IPv6 IFA_LOCAL is there only then.
std::optional<HeldAddress> address_in(netlink::Bytes payload) {
  const auto header = netlink::take<ifaddrmsg>(payload);
  const netlink::Attributes<IFA_LOCAL + 1> its{payload};
  const auto local = its.address(IFA_LOCAL);
  const auto other = its.address(IFA_ADDRESS);
  if (!local && !other) return {};
  HeldAddress held{local ? *local : *other, header.ifa_prefixlen, header.ifa_index};
  if (local && other && *local != *other) held.peer = other;
  return held;
}

/// Nothing: no kind that anybody asks for.
std::optional<RouteKind> kind_of(std::uint8_t type) {
  switch (type) {
    case RTN_UNICAST:
      return RouteKind::unicast;
    case RTN_BLACKHOLE:
      return RouteKind::blackhole;
    case RTN_UNREACHABLE:
      return RouteKind::unreachable;
    case RTN_PROHIBIT:
      return RouteKind::prohibit;
    default:
      return std::nullopt;
  }
}

/// It has a metric of its own; whoever asks for any finds it, too.
struct RouteNews {
  std::array<RouteKey, 2> keys = {};
  bool there = false;  // or may not be used
};

std::optional<RouteNews> route_in(netlink::Bytes payload) {
  const auto header = netlink::take<rtmsg>(payload);
  const netlink::Attributes<RTA_TABLE + 1> its{payload};
  const auto family = header.rtm_family == AF_INET6 ? ipvs::Family::ipv6 : ipvs::Family::ipv4;
  const ipvs::Address destination = its.address(RTA_DST).value_or(ipvs::Address::any(family));
  const std::uint32_t table = its.value<std::uint32_t>(RTA_TABLE).value_or(header.rtm_table);
  const auto kind = kind_of(header.rtm_type);
  if (!kind) return std::nullopt;
  const bool usable = *kind != RouteKind::unicast || (header.rtm_flags & (RTNH_F_DEAD | RTNH_F_LINKDOWN)) == 0;
  const RouteKey any{{destination, header.rtm_dst_len}, table, *kind};
  RouteKey exact = any;
  exact.metric = its.value<std::uint32_t>(RTA_PRIORITY).value_or(0);
  return RouteNews{{any, exact}, usable};
}

}  // namespace

struct Links::State : std::enable_shared_from_this<State> {
  enum class Reading : std::uint8_t { nothing, addresses, routes };
  using Table = std::pair<std::uint8_t, std::uint32_t>;  // family and number

  State(boost::asio::io_context& io, std::shared_ptr<Feed> one, std::shared_ptr<Feed> other, Changed its)
      : link_feed{std::move(one)}, feed{std::move(other)}, changed{std::move(its)}, pause{io} {}

  void start() {
    link_feed->start({weakly<std::uint16_t, netlink::Bytes, bool>(&State::hear_link), weakly<bool>(&State::end_links),
                      weakly<>(&State::read_links), weakly<>(&State::tell)});
    feed->start({weakly<std::uint16_t, netlink::Bytes, bool>(&State::hear), weakly<bool>(&State::end),
                 weakly<>(&State::lose), weakly<>(&State::tell)});
    read_links();
    read_next();
  }

  /// What a feed calls while this exists, and for as long as the call lasts.
  template <class... Args>
  std::function<void(Args...)> weakly(void (State::*method)(Args...)) {
    return [weak = weak_from_this(), method](Args... args) {
      if (const auto self = weak.lock()) (self.get()->*method)(args...);
    };
  }

  void read_links() {
    if (std::exchange(reading_links, true)) return static_cast<void>(links_again = true);
    fresh_links.clear();
    if (link_feed->dump(RTM_GETLINK) == 0) return;
    reading_links = false;
    links_again = true;
    ask_later();
  }

  void hear_link(std::uint16_t type, netlink::Bytes payload, bool) {
    const std::optional<Link> link = link_in(payload);
    if (!link) return;
    if (type == RTM_DELLINK) {
      fresh_links.erase(link->index);
      return forget(link->index);
    }
    fresh_links.insert(link->index);
    Link& known = links[link->index];
    if (known == *link) return;
    routes_wanted |= known.works() != link->works();
    known = *link;
    change.links.insert(link->index);
  }

  void forget(Index index) {
    if (links.erase(index) == 0) return;
    change.links.insert(index);
    routes_wanted = true;
  }

  void end_links(bool whole) {
    reading_links = false;
    if (std::exchange(links_again, false) || !whole) return read_links();
    std::erase_if(links, [&](const auto& entry) {
      const bool gone = !fresh_links.contains(entry.first);
      if (gone) change.links.insert(entry.first);
      return gone;
    });
    links_read = true;
  }

  void hear(std::uint16_t type, netlink::Bytes payload, bool asked) {
    if (type == RTM_NEWADDR || type == RTM_DELADDR) return hear_address(type, payload);
    if (type != RTM_NEWROUTE && type != RTM_DELROUTE) return;
    const auto news = route_in(payload);
    if (!news) return;
    for (const RouteKey& key : news->keys) {
      if (!watched.contains(key)) continue;
      if (!asked) routes_wanted = true;
      if (asked && news->there) found.insert(key);
    }
  }

  void hear_address(std::uint16_t type, netlink::Bytes payload) {
    const std::optional<HeldAddress> held = address_in(payload);
    if (!held) return;
    const bool is_new = type == RTM_NEWADDR;
    if (reading == Reading::addresses) is_new ? void(fresh.insert(*held)) : void(fresh.erase(*held));
    if (!(is_new ? addresses.insert(*held).second : addresses.erase(*held) > 0)) return;
    change.addresses.insert(*held);
    routes_wanted |= !is_new;  // routes through it go without a word
  }

  void end(bool whole) {
    const Reading was = std::exchange(reading, Reading::nothing);
    if (was == Reading::addresses) end_addresses(whole);
    if (was == Reading::routes) end_table(whole);
    read_next();
  }

  void end_addresses(bool whole) {
    addresses_wanted |= !whole;
    if (!whole) return;
    std::set_difference(addresses.begin(), addresses.end(), fresh.begin(), fresh.end(),
                        std::inserter(change.addresses, change.addresses.end()));
    addresses = std::move(fresh);
    addresses_read = true;
  }

  /// After the last table all routes are known; if not, the round begins anew.
  void end_table(bool whole) {
    routes_wanted |= !whole;
    if (routes_wanted || !tables.empty()) return;
    change.routes |= !routes_known || found != present;
    present = std::exchange(found, {});
    routes_known = true;
  }

  void lose() {
    addresses_wanted = true;
    routes_wanted = true;
    read_next();
  }

  void read_next() {
    if (reading != Reading::nothing || asks_later) return;
    if (std::exchange(addresses_wanted, false)) {
      fresh.clear();
      reading = Reading::addresses;
      if (feed->dump(RTM_GETADDR) != 0) fail();
      return;
    }
    if (std::exchange(routes_wanted, false)) begin_routes();
    if (tables.empty()) return;
    const Table table = *tables.begin();
    tables.erase(tables.begin());
    reading = Reading::routes;
    if (feed->dump(RTM_GETROUTE, table.first, table.second) != 0) fail();
  }

  /// The kernel has no memory for the question.
  void fail() {
    addresses_wanted |= reading == Reading::addresses;
    routes_wanted |= reading == Reading::routes;
    reading = Reading::nothing;
    ask_later();
  }

  void ask_later() {
    if (std::exchange(asks_later, true)) return;
    pause.expires_after(pause_length);
    pause.async_wait([weak = weak_from_this()](const boost::system::error_code& error) {
      const auto self = weak.lock();
      if (!self || error) return;
      self->asks_later = false;
      if (!self->reading_links && std::exchange(self->links_again, false)) self->read_links();
      self->read_next();
    });
  }

  void begin_routes() {
    found.clear();
    tables.clear();
    for (const RouteKey& key : watched)
      tables.emplace(netlink::family_number(key.destination.address.family()), key.table);
  }

  void watch(std::set<RouteKey> routes) {
    if (!routes.empty()) feed->join({RTNLGRP_IPV4_ROUTE, RTNLGRP_IPV6_ROUTE});
    watched = std::move(routes);
    std::erase_if(present, [&](const RouteKey& key) { return !watched.contains(key); });
    routes_known = false;
    routes_wanted = true;
    read_next();
  }

  void tell() {
    read_next();
    if (!links_read || !addresses_read || change.empty()) return;
    changed(std::exchange(change, {}));
  }

  std::shared_ptr<Feed> link_feed;  // of its own: the end of a link does not queue behind thousands of addresses
  std::shared_ptr<Feed> feed;
  Changed changed;
  boost::asio::steady_timer pause;  // before the kernel is asked again
  bool asks_later = false;
  Change change = {};

  std::map<Index, Link> links = {};
  std::set<Index> fresh_links = {};
  bool reading_links = false;
  bool links_again = false;
  bool links_read = false;

  Reading reading = Reading::nothing;
  std::set<HeldAddress> addresses = {};
  std::set<HeldAddress> fresh = {};  // seen since the dump began
  bool addresses_wanted = true;
  bool addresses_read = false;

  std::set<RouteKey> watched = {};
  std::set<RouteKey> present = {};
  std::set<RouteKey> found = {};
  std::set<Table> tables = {};  // still to be read in this round
  bool routes_wanted = false;
  bool routes_known = false;
};

Links::Links(std::shared_ptr<State> state) : state_{std::move(state)} {}

Links::~Links() {
  state_->pause.cancel();
  state_->link_feed->close();
  state_->feed->close();
}

Outcome<std::unique_ptr<Links>> Links::open(boost::asio::io_context& io, Changed changed) {
  auto link_feed = Feed::open(io);
  if (!link_feed) return tl::unexpected(link_feed.error());
  auto feed = Feed::open(io);
  if (!feed) return tl::unexpected(feed.error());
  int error = (*link_feed)->join({RTNLGRP_LINK});
  if (error == 0) error = (*feed)->join({RTNLGRP_IPV4_IFADDR, RTNLGRP_IPV6_IFADDR});
  if (error != 0) return tl::unexpected(error);
  auto state = std::make_shared<State>(io, std::move(*link_feed), std::move(*feed), std::move(changed));
  state->start();
  return std::unique_ptr<Links>{new Links{std::move(state)}};
}

bool Links::ready() const { return state_->links_read && state_->addresses_read; }
const std::map<Index, Link>& Links::links() const { return state_->links; }
const std::set<HeldAddress>& Links::addresses() const { return state_->addresses; }

const Link* Links::find(std::string_view name) const {
  for (const auto& [index, link] : state_->links)
    if (link.name == name) return &link;
  return nullptr;
}

const Link* Links::find(Index index) const {
  const auto found = state_->links.find(index);
  return found == state_->links.end() ? nullptr : &found->second;
}

bool Links::holds(const HeldAddress& address) const { return state_->addresses.contains(address); }
void Links::watch(std::set<RouteKey> routes) { state_->watch(std::move(routes)); }
bool Links::has(const RouteKey& route) const { return state_->present.contains(route); }

}  // namespace keepalive::net
