// The command line of ipvs-sync.
#pragma once

#include <cstdint>
#include <string>
#include <tl/expected.hpp>
#include <vector>

#include "sync/settings.hpp"

namespace ipvs::sync {

enum class Verb : std::uint8_t {
  help,
  version,
  monitor,
  mirror,
  relay,
  status,
  doctor,
  parity,
  resync,
  differences,
  connections
};
enum class Form : std::uint8_t { text, json, counters };

struct Options {
  Verb verb = Verb::help;
  Form form = Form::text;
  bool watch = false;
  std::uint32_t seconds = 0;  // monitor: ends then; 0: never
  std::uint32_t count = 20;   // differences, connections: lines
  std::string by = "client";  // connections
  AgentSettings agent = {};   // its `socket` also of who asks
};

/// The error is a sentence for people.
tl::expected<Options, std::string> read_options(const std::vector<std::string>& arguments);
std::string help();

}  // namespace ipvs::sync
