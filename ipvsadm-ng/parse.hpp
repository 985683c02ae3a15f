// Words of a command line -> Command, or why not. Pure but for host and port names, which are looked up.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <tl/expected.hpp>

#include "command.hpp"
#include "grammar.hpp"

namespace ipvsadm {

/// Why words are no command. ipvsadm gives three kinds their own exit status and, in a rule file, consequence.
struct Complaint {
  enum class Kind {
    no_command,  // "Try …", exit 255
    option,      // popt's: unknown, argument missing; exit 255, a rule file goes on
    value,       // bad value or senseless combination; exit 2
  };
  Kind kind = Kind::value;
  std::string text = "";  // without the final newline

  friend bool operator==(const Complaint&, const Complaint&) = default;
};

int exit_status(Complaint::Kind kind);

/// `words` as given to a program called `program`, without its name.
tl::expected<Command, Complaint> parse(std::string_view program, std::span<const std::string_view> words,
                                       Dialect dialect);

}  // namespace ipvsadm
