// `keepalivectl user' and `keepalivectl token': who may use the monitor, a file that is edited in place. The daemon
// takes it at the next reload.
#pragma once

#include <functional>
#include <optional>
#include <ostream>
#include <string>
#include <tl/expected.hpp>
#include <vector>

#include "command.hpp"
#include "monitor/users.hpp"

namespace keepalive::ctl {

struct PeopleOrder {
  enum class What : std::uint8_t { add, passwd, remove, list, help };
  monitor::Kind kind = monitor::Kind::user;
  What what = What::help;
  std::string name = "";
  monitor::Role role = monitor::Role::viewer;
  std::string last_day = "";
  std::string file = "/etc/keepalive/users";

  friend bool operator==(const PeopleOrder&, const PeopleOrder&) = default;
};

/// Whether the command line is one of these.
bool is_about_people(const std::vector<std::string>& words);
/// `now`: a last day that is over is refused. Error: what is wrong with it.
tl::expected<PeopleOrder, std::string> parse_people(const std::vector<std::string>& words, monitor::Epoch now);
std::string people_help();

/// `password`: asks for one; nothing: there is none, it has been told why.
using AskPassword = std::function<std::optional<std::string>()>;
Exit change_people(const PeopleOrder& order, monitor::Epoch now, const AskPassword& password, std::ostream& out,
                   std::ostream& err);
/// Twice from a terminal without showing it, or a line from standard input.
std::optional<std::string> ask_password();

}  // namespace keepalive::ctl
