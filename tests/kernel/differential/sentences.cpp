#include "sentences.hpp"

#include <random>

namespace differential {
namespace {

using Pieces = std::vector<const char*>;

struct Switch {
  const char* letter = "";  // "" if it has none
  const char* name = "";
  Pieces arguments = {};  // none: takes none
};

const std::vector<Switch> command_switches = {
    {"A", "add-service"},
    {"E", "edit-service"},
    {"D", "delete-service"},
    {"C", "clear"},
    {"a", "add-server"},
    {"e", "edit-server"},
    {"d", "delete-server"},
    {"L", "list"},
    {"l", "list"},
    {"Z", "zero"},
    {"S", "save"},
    {"R", "restore"},
    {"", "set"},
    {"h", "help"},
    {"v", "version"},
    {"", "stop-daemon", {"master", "backup", "x"}},
    {"", "start-daemon", {"master", "backup", "x"}},
};

const Pieces endpoints = {"192.0.2.1:80",
                          "192.0.2.2:80",
                          "192.0.2.1",
                          "192.0.2.1:http",
                          "vip.example:80",
                          "[2001:db8::1]:80",
                          "2001:db8::1",
                          "192.0.2.1:99999",
                          "x",
                          "192.0.2.1:53",
                          "''"};
const Pieces numbers = {"0", "1", "7", "65535", "-1", "x", "' 5'", "''", "100"};

const std::vector<Switch> option_switches = {
    {"t", "tcp-service", endpoints},
    {"u", "udp-service", endpoints},
    {"", "sctp-service", endpoints},
    {"f", "fwmark-service", {"7", "8", "0", "x", "+7"}},
    {"6", "ipv6"},
    {"s", "scheduler", {"rr", "wrr", "sh", "mh", "none", "no-such", "''"}},
    {"p", "persistent", {"60", "0", "x"}},
    {"M", "netmask", {"255.255.255.0", "64", "x", "0.0.0.0"}},
    {"", "pe", {"sip", "x", "''"}},
    {"o", "ops"},
    {"b", "sched-flags", {"flag-1", "sh-port", "mh-port,mh-fallback", "x", "flag-1,flag-3"}},
    {"r", "real-server", {"192.0.2.11", "192.0.2.12:8080", "[2001:db8::11]:8080", "one.example", "x", "2001:db8::11"}},
    {"g", "gatewaying"},
    {"i", "ipip"},
    {"m", "masquerading"},
    {"w", "weight", numbers},
    {"x", "u-threshold", numbers},
    {"y", "l-threshold", numbers},
    {"", "tun-type", {"ipip", "gue", "gre", "x"}},
    {"", "tun-port", {"6080", "0", "65536"}},
    {"", "tun-nocsum"},
    {"", "tun-csum"},
    {"", "tun-remcsum"},
    {"", "mcast-interface", {"lo", "eth0", "''"}},
    {"", "syncid", numbers},
    {"", "mcast-port", numbers},
    {"c", "connection"},
    {"", "timeout"},
    {"", "daemon"},
    {"", "stats"},
    {"", "rate"},
    {"", "thresholds"},
    {"", "persistent-conn"},
    {"", "tun-info"},
    {"n", "numeric"},
    {"X", "exact"},
    {"", "sort"},
};

class Speaker {
 public:
  std::string sentence() {
    if (chance(12)) return options_of(0, option_switches.size(), 4);
    const Switch& command = pick(command_switches);
    const std::string name = command.name;
    std::string text = spoken(command);
    if (name == "set" && !chance(4)) text += " 10 20 30";
    if (name.ends_with("-service")) return text + " " + service() + options_of(4, 7, 4);
    if (name.ends_with("-server"))
      return text + " " + service() + " " + spoken(option_switches[server]) + options_of(server, 12, 4);
    if (name == "list") return text + options_of(lists, 11, 3);
    return text + options_of(0, option_switches.size(), 3);
  }

 private:
  static constexpr std::size_t server = 11;  // index of -r in option_switches
  static constexpr std::size_t lists = 26;   // index of -c

  std::string service() { return spoken(option_switches[dice_() % 4]); }

  bool chance(unsigned one_in) { return dice_() % one_in == 0; }

  template <class T>
  const T& pick(const std::vector<T>& from) {
    return from[dice_() % from.size()];
  }

  // Up to `most` options, mostly of the `width` ones from `first` on.
  std::string options_of(std::size_t first, std::size_t width, unsigned most) {
    std::string text;
    for (auto left = dice_() % (most + 1); left > 0; --left) {
      const bool stray = chance(8);
      text += " " + spoken(stray ? pick(option_switches)
                                 : option_switches[(first + dice_() % width) % option_switches.size()]);
    }
    if (chance(40)) text += " word";
    if (chance(40)) text += " --";
    if (chance(40)) text += " --frob";
    return text;
  }

  std::string spoken(const Switch& one) {
    const bool is_short = *one.letter != '\0' && !chance(3);
    std::string flag = is_short ? std::string{"-"} + one.letter : std::string{"--"} + one.name;
    if (one.arguments.empty()) return flag;
    if (chance(25)) return flag;
    const std::string argument = pick(one.arguments);
    if (chance(5)) return flag + "=" + argument;
    return flag + (is_short && chance(4) ? "" : " ") + argument;
  }

  std::mt19937 dice_{19991231};
};

}  // namespace

std::vector<std::string> random_sentences(int count) {
  Speaker speaker;
  std::vector<std::string> sentences;
  sentences.reserve(static_cast<std::size_t>(count));
  for (int i = 0; i < count; ++i) sentences.push_back(speaker.sentence());
  return sentences;
}

}  // namespace differential
