#include "guard.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "base/bytes.hpp"
#include "io/clock.hpp"
#include "io/log.hpp"
#include "net/guard.hpp"
#include "net/undo.hpp"

namespace keepalive {

using namespace core::vrrp;

void Guard::meet(int fd) {
  const auto lost = [this] {
    patience_.cancel();
    channel_.reset();
    if (!estate_) remove_all("it has ended");
    gone_();
  };
  channel_ = std::make_unique<io::Channel>(
      io_, fd, io::Channel::Handler{[this](std::string_view bytes, const base::Fd&) { hear(bytes); }, lost});
  if (const auto estate = std::exchange(estate_, std::nullopt)) channel_->send(encode(Guarding{*estate}));
}

void Guard::introduce(int director_fd) {
  if (channel_) channel_->send(encode(Guarding{NewDirector{}}), director_fd);
}

bool Guard::dismiss() {
  if (channel_) channel_->send(encode(Guarding{Leave{}}));
  return listens();
}

void Guard::retire() {
  if (channel_) channel_->send(encode(Guarding{Retire{}}));
}

std::string Guard::estate() const {
  if (!estate_) return {};
  Estate whole = *estate_;
  whole.held.assign(held_.begin(), held_.end());
  whole.undo = undo_;
  return encode(Guarding{whole});
}

void Guard::inherit(std::string_view bytes) {
  const auto message = decode_guarding(base::as_bytes(bytes));
  const auto* const estate = message ? std::get_if<Estate>(&*message) : nullptr;
  if (estate == nullptr) return;
  estate_ = *estate;
  held_.insert(estate->held.begin(), estate->held.end());
  undo_ = estate->undo;
  Time until = io::now();
  for (const auto& [name, past] : estate->legacy.instances) until = std::max(until, past.until);
  expect(until - io::now());
}

void Guard::hear(std::string_view bytes) {
  const auto message = decode_guarding(base::as_bytes(bytes));
  if (!message) return;
  if (const auto* pulse = std::get_if<Pulse>(&*message)) expect(pulse->patience);
  if (const auto* estate = std::get_if<Estate>(&*message)) {
    patience_.cancel();
    estate_ = *estate;
  }
  if (const auto* holding = std::get_if<Holding>(&*message)) {
    held_.insert(holding->more.begin(), holding->more.end());
    for (const Held& one : holding->less) held_.erase(one);
    for (const std::string& one : holding->undone) std::erase(undo_, one);
    for (const std::string& one : holding->undo)
      if (std::find(undo_.begin(), undo_.end(), one) == undo_.end()) undo_.push_back(one);
  }
}

void Guard::expect(Time patience) {
  patience_.expect(patience, [this] {
    estate_.reset();
    remove_all("it is silent");
  });
}

void Guard::remove_all(const char* why) {
  if (held_.empty() && undo_.empty()) return;
  std::vector<net::HeldAddress> addresses;
  for (const Held& one : held_)
    addresses.push_back({.address = one.address, .prefix = one.prefix, .interface = one.interface, .peer = one.peer});
  held_.clear();
  const std::size_t left = net::remove_now(addresses);
  std::reverse(undo_.begin(), undo_.end());
  const std::size_t refused = net::undo_now(std::exchange(undo_, {}));
  io::log(io::Level::error, "ADDRESSES_REMOVED",
          fmt::format("count={} left={} refused={} text=\"the process that held them does not answer\" cause={}",
                      addresses.size(), left, refused, io::quoted(why)));
}

}  // namespace keepalive
