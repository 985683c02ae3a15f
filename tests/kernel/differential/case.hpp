// A case of the differential suite: what is set up, what is called, and where a difference is on purpose.
//
// A case file is text, one case after the other:
//
//   # a comment
//   = title of the case
//   @ same namespace           both programs look at one namespace (default: a fresh one for each)
//   % ip link add eth0 type dummy     setup: a program run in each namespace
//   ~ udp 127.0.0.1:5000 10 100       setup: traffic, see traffic.hpp
//   + -A -t 192.0.2.1:80 -s rr        setup: a rule, given to the peer's --restore
//   $ -L -n                    a step: arguments of ipvsadm, quoted as in a shell; "\x41 \n \{300 x}" in double quotes
//   $ipvsadm-save -n           the same for another name of the program
//   < -A -t 192.0.2.2:80       a line of the step's standard input; `<\ TEXT` takes escapes and adds no newline
//   @ closed stdin             also: closed stdout, full stdout, closed stderr, as nobody, argv0 NAME, directory stdin
//   ! reason                   a documented difference: what follows is what ours does, everything else is equal
//   !exit 2                    our exit status
//   !out TEXT                  our standard output, line by line; so !err; alone: nothing
//   !state                     the kernel's state may differ from here on
//   * -a -t 192.0.2.1:80 -r 192.0.2.9    a step that is a case by itself: setup of this title, fresh namespaces
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace differential {

enum class Input { none, text, closed, directory };
enum class Output { kept, closed, full };

/// A difference that is documented: what ours must do instead of what the peer does.
struct Documented {
  std::string reason = {};
  std::optional<int> exit = std::nullopt;
  std::optional<std::string> out = std::nullopt;
  std::optional<std::string> err = std::nullopt;
  bool state = false;
};

struct Step {
  int line = 0;
  std::string text = {};  ///< as written, for reports
  std::string program = "ipvsadm";
  std::string argv0 = {};  ///< empty: the program's name
  std::vector<std::string> arguments = {};
  Input input = Input::none;
  std::string input_text = {};
  Output output = Output::kept;
  bool closed_stderr = false;
  bool nobody = false;
  std::optional<Documented> documented = std::nullopt;
};

struct Setup {
  std::vector<std::vector<std::string>> programs = {};
  std::vector<std::vector<std::string>> traffic = {};
  std::string rules = {};

  friend bool operator==(const Setup&, const Setup&) = default;
};

struct Case {
  std::string file = {};
  std::string title = {};
  bool same_namespace = false;
  bool generated = false;
  Setup setup = {};
  std::vector<Step> steps = {};
};

/// Words of a line, quoted as in a shell. Throws std::runtime_error for an open quote.
std::vector<std::string> split(const std::string& text);

/// Throws std::runtime_error with FILE:LINE for text that is not a case.
std::vector<Case> read_cases(const std::string& path);

}  // namespace differential
