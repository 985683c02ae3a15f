// A keepalived.conf(5) as a whole: what is named is known first, then everything is taken.
#include <algorithm>
#include <array>
#include <utility>

#include "base/text.hpp"
#include "import/import.hpp"
#include "import/site.hpp"
#include "import/text.hpp"

namespace keepalive::import {
namespace {

/// A block at the top: `know` runs for all blocks first, `take` afterwards.
struct Block {
  std::string_view word;
  void (*know)(Site& site, const Node& node) = nullptr;
  void (*take)(Site& site, const Node& node) = nullptr;
};

constexpr auto blocks = std::to_array<Block>({
    {"vrrp_script", know_tracked},
    {"vrrp_track_process", know_tracked},
    {"track_process", know_tracked},
    {"track_file", know_tracked},
    {"vrrp_track_file", know_tracked},
    {"vrrp_instance", know_instance},
    {"vrrp_sync_group", know_group},
    {"virtual_server_group", know_server_group},
    {"virtual_server", nullptr, take_service},
    {"SSL", know_tls},
});

const Block* find_block(const Node& node) {
  const auto* const found =
      std::find_if(blocks.begin(), blocks.end(), [&](const Block& one) { return one.word == node.words.front(); });
  return found == blocks.end() ? nullptr : found;
}

/// Groups know instances, and so come second.
void know(Site& site, const std::vector<Node>& tree) {
  for (const bool groups : {false, true})
    for (const Node& node : tree) {
      const Block* const block = node.remark.empty() ? find_block(node) : nullptr;
      if (block != nullptr && block->know != nullptr && (block->know == know_group) == groups) block->know(site, node);
    }
}

void convert(Site& site, const std::vector<Node>& tree) {
  Desk top{site, site.out.section("")};
  for (const Node& node : tree)
    if (!node.remark.empty())
      top.lose(node, node.remark);
    else if (find_block(node) == nullptr)
      take_globals(site, node);
  know(site, tree);
  for (const Instance& instance : site.instances) take_instance(site, instance);
  finish_routers(site);
  for (const Node& node : tree)
    if (const Block* const block = node.remark.empty() ? find_block(node) : nullptr;
        block != nullptr && block->take != nullptr)
      block->take(site, node);
  finish_tracked(site);
  finish_globals(site);
}

}  // namespace

Outcome import_keepalived(const std::string& path, const FileReader& files, const Setting& setting) {
  const auto lines = read_lines(path, files, setting);
  if (!lines) return tl::unexpected{lines.error()};
  const auto tree = grow(*lines);
  if (!tree) return tl::unexpected{tree.error()};
  Site site{files, base::folder_of(path)};
  site.out.section("", "head")
      .comment(fmt::format("From {}, keepalived's. What is not quite the same stands beside its place.", path));
  convert(site, *tree);
  return Imported{site.out.print(), std::move(site.remarks), site.taken};
}

}  // namespace keepalive::import
