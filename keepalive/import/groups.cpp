// vrrp_sync_group, and whom the sync daemon follows: what is finished once all instances are known.
#include <string>
#include <utility>

#include "config/values.hpp"
#include "import/site.hpp"
#include "import/vocabulary.hpp"

namespace keepalive::import {
namespace {

using Key = std::string_view;

/// A group on its way; what is the group's own goes to its first member.
struct Group : Desk {
  const Node& node;
};

void members(Group& self, const Node&, Key) { self.took(); }

void tracks(Group& self, const Node& node, Key) { take_tracks(self, node, true); }

void program(Group& self, const Node& node, Key key) {
  if (self.section.has(key))
    return self.lose(node, fmt::format("a state runs one program, and [vrrp {}] has one: let that run this, too",
                                       self.section.name()));
  take_program(self, node, key);
}

void notify(Group& self, const Node& node, Key) {
  const std::string priority = self.section.value("priority");
  take_notify(self, node, "GROUP", self.node.word(1), priority.empty() ? "100" : priority);
}

constexpr Row<Group> group_rows[] = {
    {"group", "", members, any_number, true},
    {"track_interface", "", tracks, 0, true},
    {"track_script", "", tracks, 0, true},
    {"track_file", "", tracks, 0, true},
    {"track_process", "", tracks, 0, true},
    {"notify_master", "on_master", program, any_number},
    {"notify_backup", "on_backup", program, any_number},
    {"notify_fault", "on_fault", program, any_number},
    {"notify_stop", "on_stop", program, any_number},
    {"notify", "", notify, any_number},
};

std::vector<const Instance*> find_members(Site& site, const Node& node) {
  std::vector<const Instance*> list;
  Desk desk{site, site.out.section("")};
  const Node* const names = find_child(node, "group");
  if (names == nullptr) return list;
  for (const Node* const one : counting(desk, names->children))
    for (const std::string& name : one->words)
      if (const auto found = site.instance_numbers.find(name); found != site.instance_numbers.end())
        list.push_back(&site.instances[found->second]);
      else
        desk.lose(*one, fmt::format("no instance is called {}", name));
  return list;
}

void say_empty(Site& site, const Node& node) {
  Desk desk{site, site.out.section("")};
  desk.lose(node, "has no members, which stand in `group { … }' inside: keepalived drops it, too");
  for (const Node* const one : counting(desk, node.children)) {
    const bool name = site.instance_numbers.contains(one->words.front());
    desk.lose(*one, name ? fmt::format("if it shall move with others, write group = {} in its [vrrp]", node.word(1))
                         : "belongs to the group above");
  }
}

void take_group(Site& site, const Node& node) {
  const auto list = find_members(site, node);
  if (list.empty()) return say_empty(site, node);
  if (node.word(1).empty()) {
    Desk desk{site, site.out.section("")};
    desk.lose(node, "has no name: write group = NAME in the [vrrp] of each member");
    return say_inside(desk, node);
  }
  const auto section = [&](const Instance* one) -> Section& { return site.out.section("vrrp", one->name); };
  const auto priority = [&](const Instance* one) {
    const std::string text = section(one).value("priority");
    return text.empty() ? "100" : text;
  };
  Group self{{site, section(list.front())}, node};
  const bool same = std::all_of(list.begin(), list.end(),
                                [&](const Instance* one) { return priority(one) == priority(list.front()); });
  if (!same)
    self.lose(node,
              fmt::format("its members have different priorities, and would pull each other to and fro: give them "
                          "the same one, and group = {} each",
                          node.word(1)));
  for (const Instance* const one : list)
    if (section(one).has("group"))
      self.lose(node, fmt::format("[vrrp {}] has a group already, and can have one only", one->name));
    else if (same)
      section(one).set("group", written(node.word(1)).value_or("group"));
  take_block<Group>(self, node.children, group_rows, said_of_groups());
}

/// The kernel wants a number from 1 on.
void finish_sync(Site& site) {
  Section& sync = site.out.section("sync");
  if (site.sync == nullptr) return;
  Desk desk{site, sync};
  const auto follow = site.instance_numbers.find(sync.value("follow"));
  const bool known = follow != site.instance_numbers.end();
  if (!known && sync.value("follow") != "both")
    desk.say(*site.sync, Verdict::differs,
             fmt::format("no instance is called {}: both daemons run always", sync.value("follow")));
  sync.set("follow", known ? site.instances[follow->second].name : "both");
  if (sync.value("id").empty() && known) sync.set("id", site.out.section("vrrp", sync.value("follow")).value("id"));
  if (!config::read_number(sync.value("id"), 1, 255)) {
    desk.say(*site.sync, Verdict::differs, "an id from 1 on is needed, the same on all directors that sync: 1 stands");
    sync.set("id", "1");
  }
}

}  // namespace

void know_group(Site& site, const Node& node) {
  site.groups.push_back(&node);
  const Node* const names = find_child(node, "group");
  const bool weights =
      find_child(node, "sync_group_tracking_weight") != nullptr || find_child(node, "global_tracking") != nullptr;
  if (names == nullptr || weights) return;
  for (const Node& one : names->children)
    for (const std::string& name : one.words)
      if (const auto found = site.instance_numbers.find(name); found != site.instance_numbers.end())
        site.instances[found->second].grouped = true;
}

void finish_routers(Site& site) {
  for (const Node* const node : site.groups) take_group(site, *node);
  finish_sync(site);
}

}  // namespace keepalive::import
