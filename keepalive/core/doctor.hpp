// What stops traffic on this director, from what the daemon knows and what the host is like. Pure: io/host.hpp gathers
// the facts.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "core/circumstances.hpp"
#include "core/engine.hpp"
#include "core/report.hpp"

namespace keepalive::core {

/// What examine() wants to know of the host.
struct Questions {
  std::vector<std::string> sysctls = {};
  std::set<ipvs::Address> servers = {};
  std::set<std::string> users = {};
  std::set<ipvs::Address> peers = {};  // of the sync agent
};

struct HostFacts {
  std::map<std::string, std::string> sysctls = {};      // whole names; what cannot be read is absent
  std::map<ipvs::Address, std::string> addresses = {};  // of this host, with their interfaces
  std::set<std::string> interfaces = {};                // all that there are
  std::set<std::string> down = {};                      // interfaces
  std::set<std::string> strict = {};                    // interfaces where rp_filter is 1 in effect
  std::map<ipvs::Address, std::string> towards = {};    // servers, with the interface there; absent: no way
  std::set<std::string> users = {};                     // those that there are
  std::map<ipvs::Address, std::string> near = {};       // peers on the subnet of an interface, with that
  bool nft = true;
  std::vector<std::string> differences = {};  // edits that the kernel's table wants
  std::string table_fault = "";               // why it cannot be read
};

/// Of its virtual routers; a part of examine().
std::vector<Finding> examine_routers(const Engine& engine, const HostFacts& facts);

/// Of connection sync; a part of examine().
std::vector<Finding> examine_sync(const Engine& engine, const HostFacts& facts);

Questions questions(const Config& config);
std::vector<Finding> examine(const Engine& engine, const Circumstances& circumstances, const HostFacts& facts);

}  // namespace keepalive::core
