// The language between the launcher, which has the files and the right to start programs, and the director.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

namespace keepalive::core {

// Director to launcher.
/// Read the configuration; answer with Bundle.
struct Fetch {};
/// The configuration of this bundle is in force: programs are numbered by it.
struct Adopt {
  std::uint32_t serial = 0;
};
struct RunProgram {
  std::uint32_t id = 0;
  std::uint32_t serial = 0;  // of the bundle that numbers it
  std::uint32_t number = 0;
  std::map<std::string, std::string> environment = {};
  std::uint64_t limit_ms = 0;
};

// Launcher to director.
/// The texts that make up a configuration.
struct Bundle {
  std::uint32_t serial = 0;
  std::string path = "";
  std::map<std::string, std::string> texts = {};
  std::map<std::string, std::vector<std::string>> globs = {};
  std::map<std::string, std::string> environment = {};
};
struct ProgramDone {
  std::uint32_t id = 0;
  std::int32_t exit_code = 0;  // negative: a signal
  bool timed_out = false;
  std::string line = "";  // first line of its output
};
/// A prober was started; its end of the channel comes along.
struct NewProber {
  std::uint32_t index = 0;
};
/// SIGHUP, SIGTERM.
struct Signalled {
  std::int32_t number = 0;
};

using Launch = std::variant<Fetch, Adopt, RunProgram, Bundle, ProgramDone, NewProber, Signalled>;

std::string encode(const Launch& message);
std::optional<Launch> decode_launch(std::span<const std::uint8_t> bytes);

}  // namespace keepalive::core
