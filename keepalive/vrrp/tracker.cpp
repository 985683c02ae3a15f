#include "vrrp/tracker.hpp"

#include <chrono>
#include <filesystem>
#include <fstream>

namespace keepalive::vrrp_role {
namespace {

using vrrp::Track;

constexpr std::chrono::seconds look_every{1};
constexpr std::size_t longest_name = 15;  // of a process, in the kernel

bool is_number(const std::string& text) { return text.find_first_not_of("0123456789") == std::string::npos; }

}  // namespace

std::set<std::string> running_processes() {
  std::set<std::string> names;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator{"/proc", error}) {
    if (!is_number(entry.path().filename())) continue;
    std::ifstream file{entry.path() / "comm"};
    std::string name;
    if (std::getline(file, name)) names.insert(name);
  }
  return names;
}

void Tracker::want(const std::vector<vrrp::Instance>& instances) {
  processes_.clear();
  routes_.clear();
  told_.clear();
  for (const vrrp::Instance& instance : instances)
    for (const Track& track : instance.track) {
      if (track.kind == Track::Kind::process) processes_.insert(track.name);
      const auto prefix = track.kind == Track::Kind::route ? vrrp::read_prefix(track.name) : std::nullopt;
      if (prefix) routes_[track.name] = {.destination = {prefix->address, prefix->length}};
    }
  timer_.cancel();
  if (!processes_.empty()) look_at_processes();
}

std::set<net::RouteKey> Tracker::keys() const {
  std::set<net::RouteKey> list;
  for (const auto& [name, key] : routes_) list.insert(key);
  return list;
}

void Tracker::say(Track::Kind kind, const std::string& name, bool well) {
  const auto [known, fresh] = told_.try_emplace({kind, name}, well);
  if (fresh || std::exchange(known->second, well) != well) tell_({.kind = kind, .name = name, .well = well});
}

void Tracker::look_at_routes(const net::Links& links) {
  for (const auto& [name, key] : routes_) say(Track::Kind::route, name, links.has(key));
}

void Tracker::look_at_processes() {
  const std::set<std::string> running = running_processes();
  for (const std::string& name : processes_)
    say(Track::Kind::process, name, running.contains(name.substr(0, longest_name)));
  timer_.expires_after(look_every);
  timer_.async_wait([this](const boost::system::error_code& error) {
    if (!error) look_at_processes();
  });
}

}  // namespace keepalive::vrrp_role
