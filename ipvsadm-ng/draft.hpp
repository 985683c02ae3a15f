// A command while its options are read one after the other. ipvsadm lets later options see earlier ones
// (-6 needs -f before it, a server without port takes the port of the service before it), so order matters
// here and nowhere else.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "command.hpp"
#include "grammar.hpp"

namespace ipvsadm {

struct Draft {
  Verb verb = Verb::none;
  OptionSet given = {};

  std::string_view verb_argument = {};  // of --start-daemon, --stop-daemon, --plan, --apply, --watch
  std::optional<ipvs::Protocol> protocol = std::nullopt;
  std::optional<ipvs::Family> family = std::nullopt;  // of the service, once it is known
  ipvs::Endpoint service = {};
  ipvs::Fwmark mark = {};
  std::string_view scheduler = {};
  ipvs::Flags<ipvs::ServiceFlag> flags = {};
  std::string_view flag_words = {};  // of -b; which are legal depends on the scheduler
  std::optional<ipvs::Seconds> persistence = std::nullopt;
  std::optional<ipvs::Netmask> netmask = std::nullopt;
  std::string_view engine = {};
  ipvs::Destination destination = {};
  ipvs::Daemon daemon = {};
  ipvs::Timeouts timeouts = {};
};

/// A complaint's text; none: all is well.
using Objection = std::optional<std::string>;

/// Takes one option with its argument.
Objection take(Draft& draft, const Switch& option, std::string_view argument);
/// Takes the words that are no options (those of --set), and what had to wait for all options to be read.
Objection finish(Draft& draft, const std::vector<std::string_view>& arguments);

}  // namespace ipvsadm
