#include "vrrp/virtual_macs.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <set>

#include "core/vrrp/frames.hpp"
#include "io/log.hpp"
#include "net/undo.hpp"
#include "vrrp/places.hpp"

namespace keepalive::vrrp_role {
namespace {

using io::Level;

bool read(std::string_view& text, std::uint32_t& number) {
  if (!text.starts_with(' ')) return false;
  const auto [end, error] = std::from_chars(text.data() + 1, text.data() + text.size(), number);
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return error == std::errc{};
}

}  // namespace

/// "keepalive 0 0": of the interface below arp_ignore and arp_filter, as they were. None: it is not ours.
std::optional<net::ArpSettings> VirtualMacs::noted(const net::Link& link) const {
  net::ArpSettings settings;
  std::string_view text = link.alias;
  if (link.kind != "macvlan" || !text.starts_with(owner_)) return std::nullopt;
  text.remove_prefix(owner_.size());
  if (!read(text, settings.ignore) || !read(text, settings.filter) || !text.empty()) return std::nullopt;
  return settings;
}

bool VirtualMacs::is(const net::Link& link, const net::Link& lower, const Wanted& wanted) const {
  return link.kind == "macvlan" && link.lower == lower.index && link.mac == wanted.mac;
}

void VirtualMacs::want(const std::vector<vrrp::Instance>& instances) {
  wanted_.clear();
  refused_.clear();
  for (const vrrp::Instance& one : instances)
    if (!one.virtual_mac.empty())
      wanted_[one.virtual_mac] = {.lower = one.interface, .mac = core::vrrp::virtual_mac(one.family, one.id)};
}

bool VirtualMacs::make(const net::Links& links, net::Edits& edits) {
  bool known = true;
  for (const auto& [name, wanted] : wanted_) {
    const net::Link* const lower = links.find(wanted.lower);
    if (lower == nullptr) continue;
    const net::Link* const there = links.find(name);
    const auto made = made_.find(name);
    const bool ready = there != nullptr && is(*there, *lower, wanted) && there->up &&
                       vrf_of(name, links) == vrf_of(wanted.lower, links);
    if (ready && made != made_.end() && made->second == there->index) continue;
    const int error = make_one(name, wanted, links, edits);
    if (error == 0) known = known && ready;
    if (error == 0 || std::exchange(refused_[name], error) == error) continue;
    io::log(Level::error, "VIRTUAL_MAC_REFUSED",
            fmt::format("interface={} on={} error={}", name, wanted.lower, io::quoted(std::strerror(error))));
  }
  return known;
}

int VirtualMacs::make_one(const std::string& name, const Wanted& wanted, const net::Links& links, net::Edits& edits) {
  const net::Link* const lower = links.find(wanted.lower);
  const net::Link* const there = links.find(name);
  // One of ours on another interface, or with another MAC.
  if (there != nullptr && noted(*there) && !is(*there, *lower, wanted)) {
    const net::Index below = there->lower;
    static_cast<void>(edits.remove_link(there->index));
    restore(below, links, edits);
  }
  if (const int error = prepare(lower->index, links, edits); error != 0) return error;
  const net::Link* const vrf = vrf_of(wanted.lower, links);
  const net::ArpSettings& before = before_.at(lower->index);
  const auto index = edits.add(net::Macvlan{.name = name,
                                            .mac = wanted.mac,
                                            .lower = lower->index,
                                            .master = vrf == nullptr ? 0 : vrf->index,
                                            .alias = fmt::format("{} {} {}", owner_, before.ignore, before.filter)});
  if (!index) return index.error();
  made_[name] = *index;
  refused_.erase(name);
  // One that somebody else made is used, and left.
  if (there == nullptr || there->index != *index || noted(*there))
    tell_({.undo = {net::restoring(lower->index, before), net::removal_of_link(*index)}});
  const auto set = edits.set_arp_settings(lower->index, net::below_virtual_mac);
  return set ? 0 : set.error();
}

/// Finds out how the interface below was set before anybody put a virtual MAC on it.
int VirtualMacs::prepare(net::Index lower, const net::Links& links, net::Edits& edits) {
  if (before_.contains(lower)) return 0;
  for (const auto& [index, link] : links.links())
    if (const auto settings = noted(link); settings && link.lower == lower) return before_[lower] = *settings, 0;
  const auto settings = edits.arp_settings(lower);
  if (!settings) return settings.error();
  before_[lower] = *settings;
  return 0;
}

void VirtualMacs::clean(const net::Links& links, net::Edits& edits) {
  std::set<net::Index> below;
  std::map<net::Index, net::Index> gone;
  for (const auto& [index, link] : links.links())
    if (noted(link) && !wanted_.contains(link.name)) gone[index] = link.lower;
  for (const auto& [name, index] : made_)
    if (const net::Link* const link = links.find(index); !wanted_.contains(name) && link != nullptr && noted(*link))
      gone[index] = link->lower;
  for (const auto& [index, lower] : gone) {
    static_cast<void>(prepare(lower, links, edits));
    if (!edits.remove_link(index)) continue;
    tell_({.undone = {net::removal_of_link(index)}});
    below.insert(lower);
  }
  std::erase_if(made_, [&](const auto& one) { return !wanted_.contains(one.first); });
  for (const net::Index lower : below) restore(lower, links, edits);
}

/// Where no virtual MAC is left above it.
void VirtualMacs::restore(net::Index lower, const net::Links& links, net::Edits& edits) {
  const net::Link* const link = links.find(lower);
  const auto before = before_.find(lower);
  const bool used = link != nullptr && std::any_of(wanted_.begin(), wanted_.end(),
                                                   [&](const auto& one) { return one.second.lower == link->name; });
  if (used || before == before_.end()) return;
  static_cast<void>(edits.set_arp_settings(lower, before->second));
  tell_({.undone = {net::restoring(lower, before->second)}});
  before_.erase(before);
}

}  // namespace keepalive::vrrp_role
