#include "generator.hpp"

#include <array>
#include <initializer_list>
#include <random>
#include <string>
#include <string_view>

#include "sentences.hpp"

namespace differential {
namespace {

using Words = std::vector<std::string>;

const char* const table =
    "-A -t 192.0.2.1:80 -s wrr -p 100 -M 255.255.255.0\n"
    "-a -t 192.0.2.1:80 -r 192.0.2.11:80 -g -w 1\n"
    "-a -t 192.0.2.1:80 -r 192.0.2.12:8080 -m -w 5\n"
    "-A -u 192.0.2.1:53 -s sh -b sh-port,sh-fallback\n"
    "-a -u 192.0.2.1:53 -r 192.0.2.12:53 -i --tun-type gue --tun-port 6080 --tun-csum\n"
    "-A -f 7 -s rr -o\n"
    "-a -f 7 -r 192.0.2.11\n"
    "-A -f 7 -6\n"
    "-A -t [2001:db8::1]:80 -s lc\n"
    "-a -t [2001:db8::1]:80 -r [2001:db8::11]:8080 -m\n";

// Every command in a form that works by itself.
const std::vector<const char*> commands = {
    "-A -t 192.0.2.2:80",
    "-A -u 192.0.2.2:53",
    "-A -f 9",
    "-E -t 192.0.2.1:80",
    "-E -u 192.0.2.1:53",
    "-D -t 192.0.2.1:80",
    "-C",
    "-a -t 192.0.2.1:80 -r 192.0.2.14",
    "-a -f 7 -r 192.0.2.14",
    "-e -t 192.0.2.1:80 -r 192.0.2.11",
    "-d -t 192.0.2.1:80 -r 192.0.2.11",
    "-L",
    "-L -n -t 192.0.2.1:80",
    "-Z",
    "-Z -t 192.0.2.1:80",
    "-S",
    "-R",
    "--set 10 20 30",
    "--start-daemon master --mcast-interface lo",
    "--stop-daemon master",
    "-h",
    "-v",
    "",
};

// Every option with an argument that is good.
const std::vector<const char*> options = {
    "-t 192.0.2.1:80",
    "-u 192.0.2.1:53",
    "--sctp-service 192.0.2.1:80",
    "-f 7",
    "-6",
    "-s rr",
    "-p",
    "-p 60",
    "-M 255.255.0.0",
    "--pe sip",
    "-o",
    "-b flag-1",
    "-b sh-port",
    "-r 192.0.2.11",
    "-g",
    "-i",
    "-m",
    "-w 3",
    "-x 9",
    "-y 4",
    "--tun-type gre",
    "--tun-type gue",
    "--tun-port 6080",
    "--tun-nocsum",
    "--tun-csum",
    "--tun-remcsum",
    "--mcast-interface lo",
    "--syncid 5",
    "--sync-maxlen 900",
    "--mcast-group 224.0.0.90",
    "--mcast-port 9000",
    "--mcast-ttl 4",
    "-c",
    "--timeout",
    "--daemon",
    "--stats",
    "--rate",
    "--thresholds",
    "--persistent-conn",
    "--tun-info",
    "-n",
    "--exact",
    "--nosort",
    "--sort",
    "-A",
    "-L",
    "word",
};

const std::vector<const char*> list_options = {
    "-n",         "-c",      "--stats",   "--rate",   "--thresholds", "--persistent-conn",
    "--tun-info", "--exact", "--timeout", "--daemon", "--sort",       "-t 192.0.2.1:80",
};

class Collector {
 public:
  // A call that is a case by itself.
  void call(const std::string& kind, const std::string& rules, const std::string& arguments) {
    sequence(kind + ": " + arguments, rules, {arguments});
  }

  void sequence(const std::string& title, const std::string& rules, const Words& calls) {
    Case one;
    one.file = "generated";
    one.title = title;
    one.generated = true;
    one.setup.rules = rules;
    // The kernel's own order differs from one namespace to another.
    one.same_namespace = title.find("--nosort") != std::string::npos && title.find(": -L") != std::string::npos;
    for (const std::string& arguments : calls) {
      Step step;
      step.line = static_cast<int>(cases_.size() + 1);
      step.text = arguments;
      step.arguments = split(arguments);
      one.steps.push_back(std::move(step));
    }
    cases_.push_back(std::move(one));
  }

  std::vector<Case> take() { return std::move(cases_); }

 private:
  std::vector<Case> cases_ = {};
};

std::string line(std::initializer_list<std::string_view> parts) {
  std::string text;
  for (const std::string_view part : parts) text += part;
  return text;
}

std::string joined(const std::string& left, const std::string& right) {
  return left.empty() ? right : left + " " + right;
}

void each_command_with_each_option(Collector& all) {
  for (const std::string command : commands) {
    for (const std::string option : options) all.call("command and option", table, joined(command, option));
  }
}

// All pairs would be 25,000: a fixed choice of them, in any order, some in front of the command's own options.
void commands_with_pairs(Collector& all) {
  constexpr int pairs_each = 45;
  std::mt19937 dice{20240817};
  for (const std::string command : commands) {
    for (int i = 0; i < pairs_each; ++i) {
      const std::string one = options[dice() % options.size()];
      const std::string two = options[dice() % options.size()];
      const auto space = command.find(' ');
      const bool between = dice() % 3 == 0 && space != std::string::npos && !command.starts_with("--");
      const std::string text = between ? line({command.substr(0, space), " ", one, command.substr(space), " ", two})
                                       : line({joined(command, one), " ", two});
      all.call("command and two options", table, text);
    }
  }
}

void lists_with_every_set(Collector& all) {
  const std::size_t count = list_options.size();
  for (std::size_t i = 0; i < count; ++i) {
    all.call("list", table, std::string{"-L "} + list_options[i]);
    for (std::size_t j = i + 1; j < count; ++j) {
      const std::string two = std::string{"-L "} + list_options[i] + " " + list_options[j];
      all.call("list", table, two);
      for (std::size_t k = j + 1; k < count; ++k) all.call("list", table, two + " " + list_options[k]);
    }
  }
}

constexpr std::array service_kinds = {"-t 192.0.2.2:80",
                                      "-u 192.0.2.2:80",
                                      "--sctp-service 192.0.2.2:80",
                                      "-t [2001:db8::2]:80",
                                      "-u [2001:db8::2]:80",
                                      "-f 9",
                                      "-f 9 -6",
                                      "-t 192.0.2.2:0",
                                      "-u 2001:db8::2"};
constexpr std::array affinities = {"", " -p", " -p 60 -M 24.0.0.0", " -p 70 -M 48", " -p --pe sip"};
constexpr std::array schedulers = {"", " -s rr", " -s sh -b sh-port", " -s mh -b mh-fallback,mh-port",
                                   " -s lblc -b flag-3"};

// One service that is added and edited through every scheduler.
Words life_of_a_service(const std::string& kind, const std::string& affinity) {
  Words calls;
  for (const std::string scheduler : schedulers) {
    for (const std::string once : {"", " -o"}) {
      calls.push_back(line({calls.empty() ? "-A " : "-E ", kind, scheduler, affinity, once}));
    }
  }
  calls.insert(calls.end(), {"-L -n", "-S -n", "-D " + kind});
  return calls;
}

void kinds_of_services(Collector& all) {
  for (const std::string kind : service_kinds) {
    for (const std::string affinity : affinities) {
      all.sequence(line({"services: ", kind, affinity}), "", life_of_a_service(kind, affinity));
    }
  }
}

// One server that is added, edited and deleted with every method.
Words life_of_a_server(const std::string& name) {
  const std::array extras = {"",
                             " -w 0",
                             " -w 65535 -x 9 -y 4",
                             " --tun-type gre",
                             " --tun-type gue --tun-port 6080 --tun-csum",
                             " --tun-type gre --tun-remcsum"};
  Words calls;
  for (const std::string method : {"", " -g", " -i", " -m"}) {
    for (const std::string extra : extras) {
      calls.push_back(line({"-a ", name, method, extra}));
      calls.push_back(line({"-e ", name, extra, method}));
    }
    calls.insert(calls.end(), {"-L -n --tun-info", "-d " + name});
  }
  return calls;
}

void kinds_of_servers(Collector& all) {
  for (const std::string service : {"-t 192.0.2.2:80", "-u [2001:db8::2]:80", "-f 9", "-f 9 -6"}) {
    for (const std::string server : {"192.0.2.11", "192.0.2.11:8080", "2001:db8::11", "[2001:db8::11]:8080"}) {
      const std::string name = line({service, " -r ", server});
      all.sequence("servers: " + name, line({"-A ", service, "\n"}), life_of_a_server(name));
    }
  }
}

}  // namespace

std::vector<Case> generated_cases() {
  Collector all;
  each_command_with_each_option(all);
  commands_with_pairs(all);
  lists_with_every_set(all);
  kinds_of_services(all);
  kinds_of_servers(all);
  for (const std::string& sentence : random_sentences(1000)) all.call("sentence", table, sentence);
  return all.take();
}

}  // namespace differential
