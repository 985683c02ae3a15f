#include "probe/grants.hpp"

namespace keepalive::probe {

std::uint32_t Grants::ask(Slot slot, std::uint32_t count) {
  open_[slot] = {.run = ++last_, .count = count, .sockets = std::make_unique<Sockets>()};
  return last_;
}

bool Grants::answers(Slot slot, std::uint32_t run) const {
  const auto found = open_.find(slot);
  return found != open_.end() && found->second.run == run;
}

std::unique_ptr<Sockets> Grants::take(Slot slot, Fd socket) {
  const auto found = open_.find(slot);
  if (found == open_.end()) return nullptr;
  Request& request = found->second;
  request.sockets->push_back(std::move(socket));
  if (request.sockets->size() < request.count) return nullptr;
  auto all = std::move(request.sockets);
  open_.erase(found);
  return all;
}

}  // namespace keepalive::probe
