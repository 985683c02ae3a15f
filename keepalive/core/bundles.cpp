#include "core/bundles.hpp"

#include <utility>

namespace keepalive::core {

const Bundle& Bundles::add(Bundle bundle) {
  bundle.serial = ++last_;
  return pending_.insert_or_assign(last_, std::move(bundle)).first->second;
}

const Bundle* Bundles::adopt(std::uint32_t serial) {
  auto node = pending_.extract(serial);
  if (node.empty()) return nullptr;
  current_ = serial;
  return &adopted_.insert(std::move(node)).position->second;
}

void Bundles::keep(const std::function<bool(std::uint32_t serial)>& needed) {
  std::erase_if(adopted_, [&](const auto& one) { return one.first != current_ && !needed(one.first); });
}

const Bundle* Bundles::find(std::uint32_t serial) const {
  for (const auto* const list : {&adopted_, &pending_})
    if (const auto found = list->find(serial); found != list->end()) return &found->second;
  return nullptr;
}

}  // namespace keepalive::core
