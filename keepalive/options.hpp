// What the command line says; every role gets the same.
#pragma once

#include <string>
#include <vector>

#include "io/log.hpp"

namespace keepalive {

enum class Task { run, check, print_defaults, import, help, version };

struct Options {
  Task task = Task::run;
  std::string config = "/etc/keepalive/keepalive.conf";
  std::string instance = "";
  std::string run_dir = "/run/keepalive";  // of an instance: /run/keepalive-INSTANCE
  std::string state_dir = "/var/lib/keepalive";
  std::string netns = "";    // a name, or a path
  std::string log = "auto";  // auto, stderr, syslog
  std::string log_level = "info";
  std::string import = "";       // a file of keepalived or ldirectord
  std::string import_from = "";  // whose it is; empty: it tells
  std::string import_id = "";
  bool daemon = false;
  std::string role = "";  // empty: launcher
  int channel = -1;
  unsigned realtime = 0;  // of the VRRP role

  /// "control" is /run/keepalive/control, or of an instance /run/keepalive-INSTANCE/INSTANCE.control.
  std::string run_file(const std::string& name) const { return file(run_dir, name); }
  std::string state_file(const std::string& name) const { return file(state_dir, name); }
  /// The director's own, in a folder that it may write to.
  std::string director_folder() const { return state_dir + "/director"; }
  std::string director_file(const std::string& name) const { return file(director_folder(), name); }
  /// The monitor's own.
  std::string monitor_folder() const { return state_file("monitor"); }
  /// The command line of the launcher itself, as it stands: in the background, in its namespace.
  std::vector<std::string> own_arguments(const std::string& program) const;
  /// The command line of a role that sees the same options.
  std::vector<std::string> role_arguments(const std::string& program, const std::string& its_role, int fd) const;

 private:
  std::string file(const std::string& folder, const std::string& name) const {
    return folder + "/" + (instance.empty() ? "" : instance + ".") + name;
  }
};

/// Throws std::runtime_error with what is wrong.
Options read_options(int argc, const char* const* argv);
std::string usage();
/// What of them concerns the log. `daemon` goes to syslog unless told otherwise.
io::LogSettings log_settings(const Options& options);

}  // namespace keepalive
