// Every key of the configuration as a row of one table: the parser, its fault texts, --print-defaults and the tests
// of the manual page all read it.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "config/draft.hpp"
#include "config/load.hpp"

namespace keepalive::config {

struct Key;

/// What is wrong with a part of a value.
struct PartFault {
  std::size_t offset = 0;
  std::string text = "";
};
using PartFaults = std::vector<PartFault>;

/// What a value may reach while it is read.
struct Sink {
  Draft& draft;
  const FileReader& files;
  const base::ini::Entry& entry;
  Check* check = nullptr;
  PoolDraft* pool = nullptr;
  ServiceDraft* service = nullptr;
  PartFaults* parts = nullptr;  // of values that are lists
  VrrpDraft* vrrp = nullptr;
  HeartbeatDraft* heartbeat = nullptr;
  WitnessDraft* witness = nullptr;

  /// `part`: of `value`, which is the entry's.
  Spot spot(std::string_view value, std::string_view part) const {
    return {&entry, static_cast<std::size_t>(part.data() - value.data())};
  }
  void complain(std::string_view value, std::string_view part, std::string text) {
    parts->push_back({spot(value, part).offset, std::move(text)});
  }
};

/// What is wrong with the value; empty: nothing.
using Fault = std::string;
using Setter = Fault (*)(Sink& sink, const Key& key, std::string_view value);
/// The values of a check's key, each for a line of its own.
using Printer = std::vector<std::string> (*)(const Check& check);

struct Codec {
  Setter set = nullptr;
  Printer print = nullptr;  // checks only
  std::vector<std::string_view> (*words)() =
      nullptr;  // all values that there are; null: they cannot be told one by one
};

struct Key {
  std::string_view section;
  std::string_view name;
  Codec codec;
  std::string_view kind;      // "time", "number", "yes or no", …
  std::string_view fallback;  // default, as one would write it; empty: none
  std::string_view help;
  std::string_view applies = "";  // types of check; empty: all
  std::uint64_t low = 0;          // of numbers; of times in ms
  std::uint64_t high = 0;
  bool repeats = false;
};

std::span<const Key> keys();
std::span<const std::string_view> sections();
const Key* find_key(std::string_view section, std::string_view name);
/// Whether a key goes with this type of check.
bool applies(const Key& key, std::string_view type);
std::string_view name(CheckType type);
std::optional<CheckType> read_check_type(std::string_view word);

/// "10.0.0.11:80 weight=100 name=b": a server line. Nothing: it has no address. `server.entry` is set.
std::optional<ServerDraft> read_server(const base::ini::Entry& entry, PartFaults& faults);
/// One that is never probed, so has no options of probes and of going up and down.
std::optional<ServerDraft> read_sorry_server(const base::ini::Entry& entry, PartFaults& faults);

}  // namespace keepalive::config
