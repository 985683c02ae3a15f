// Timeouts and sysctls of the kernel: compared with what the configuration declares and needs, written where they
// differ, read back. What nobody declared is borrowed only, and given back when nothing needs it any more.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "config/model.hpp"
#include "core/action.hpp"
#include "core/event.hpp"
#include "ipvs++/client.hpp"

namespace keepalive::io {

class Settings {
 public:
  /// `path`: a file that says what is borrowed, should we die; `boot`: it counts for this boot only.
  Settings(std::string path, std::string boot);

  /// `behind`: IPv4 servers that probes reach through the path. Their answers carry the service's address as source:
  /// the kernel takes them only with accept_local, if we hold it, and without strict rp_filter where they come in.
  core::Settled settle(const core::Settle& order, const Config& config, const std::set<ipvs::Address>& behind,
                       ipvs::Client& client);
  /// The end; tells what was given back, and what could not be. What services need that stay in the kernel stays, too.
  core::Settled give_back(AtStop services);

 private:
  struct Borrowed {
    std::string before = "";
    std::string ours = "";
  };
  struct Wanted {
    std::string name = "";
    std::string value = "";
    bool borrowed = false;
  };
  std::vector<Wanted> wanted(const Config& config, const std::set<ipvs::Address>& behind, bool& whole) const;
  void settle(const core::Settle& order, const Wanted& one, core::Settled& outcome);
  void borrow(const Wanted& one, const std::string& before);
  static bool give_back(const std::string& name, const Borrowed& values, core::Settled& outcome);
  void return_all_but(const std::set<std::string>& needed, core::Settled& outcome);
  void save();

  std::string path_;
  std::string boot_;
  std::map<std::string, Borrowed> borrowed_ = {};
  bool saved_ = true;  // as far as we could
};

/// The value of a sysctl by its whole name, or what came back instead.
tl::expected<std::string, std::string> read_sysctl(const std::string& name);

}  // namespace keepalive::io
