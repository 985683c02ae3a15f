#include "help.hpp"

#include <boost/program_options/options_description.hpp>
#include <boost/program_options/value_semantic.hpp>
#include <sstream>
#include <string>

namespace ipvsadm {
namespace {

namespace po = boost::program_options;

constexpr std::string_view ipvsadm_version = "ipvsadm v1.31 2019/12/24 (compiled with popt and IPVS v1.2.1)\n";

// Scripts read this text too: it is ipvsadm's interface, to the letter. `@` stands for the program's name.
constexpr std::string_view ipvsadm_usage = R"(Usage:
  @ -A|E virtual-service [-s scheduler] [-p [timeout]] [-M netmask] [--pe persistence_engine] [-b sched-flags]
  @ -D virtual-service
  @ -C
  @ -R
  @ -S [-n]
  @ -a|e virtual-service -r server-address [options]
  @ -d virtual-service -r server-address
  @ -L|l [virtual-service] [options]
  @ -Z [virtual-service]
  @ --set tcp tcpfin udp
  @ --start-daemon {master|backup} [daemon-options]
  @ --stop-daemon {master|backup}
  @ -h

Commands:
Either long or short options are allowed.
  --add-service     -A        add virtual service with options
  --edit-service    -E        edit virtual service with options
  --delete-service  -D        delete virtual service
  --clear           -C        clear the whole table
  --restore         -R        restore rules from stdin
  --save            -S        save rules to stdout
  --add-server      -a        add real server with options
  --edit-server     -e        edit real server with options
  --delete-server   -d        delete real server
  --list            -L|-l     list the table
  --zero            -Z        zero counters in a service or all services
  --set tcp tcpfin udp        set connection timeout values
  --start-daemon              start connection sync daemon
  --stop-daemon               stop connection sync daemon
  --help            -h        display this help message

virtual-service:
  --tcp-service|-t  service-address   service-address is host[:port]
  --udp-service|-u  service-address   service-address is host[:port]
  --sctp-service    service-address   service-address is host[:port]
  --fwmark-service|-f fwmark          fwmark is an integer greater than zero

Options:
  --ipv6         -6                   fwmark entry uses IPv6
  --scheduler    -s scheduler         one of rr|wrr|lc|wlc|lblc|lblcr|dh|sh|sed|nq|fo|ovf|mh,
                                      the default scheduler is wlc.
  --pe            engine              alternate persistence engine may be sip,
                                      not set by default.
  --persistent   -p [timeout]         persistent service
  --netmask      -M netmask           persistent granularity mask
  --real-server  -r server-address    server-address is host (and port)
  --gatewaying   -g                   gatewaying (direct routing) (default)
  --ipip         -i                   ipip encapsulation (tunneling)
  --masquerading -m                   masquerading (NAT)
  --tun-type      type                one of ipip|gue|gre,
                                      the default tunnel type is ipip.
  --tun-port      port                tunnel destination port
  --tun-nocsum                        tunnel encapsulation without checksum
  --tun-csum                          tunnel encapsulation with checksum
  --tun-remcsum                       tunnel encapsulation with remote checksum
  --weight       -w weight            capacity of real server
  --u-threshold  -x uthreshold        upper threshold of connections
  --l-threshold  -y lthreshold        lower threshold of connections
  --connection   -c                   output of current IPVS connections
  --timeout                           output of timeout (tcp tcpfin udp)
  --daemon                            output of daemon information
  --stats                             output of statistics information
  --rate                              output of rate information
  --exact                             expand numbers (display exact values)
  --thresholds                        output of thresholds information
  --persistent-conn                   output of persistent connection info
  --tun-info                          output of tunnel information
  --nosort                            disable sorting output of service/server entries
  --sort                              does nothing, for backwards compatibility
  --ops          -o                   one-packet scheduling
  --numeric      -n                   numeric output of addresses and ports
  --sched-flags  -b flags             scheduler flags (comma-separated)
Daemon Options:
  --syncid sid                        syncid for connection sync (default=255)
  --sync-maxlen length                Max sync message length (default=1472)
  --mcast-interface interface         multicast interface for connection sync
  --mcast-group address               IPv4/IPv6 group (default=224.0.0.81)
  --mcast-port port                   UDP port (default=8848)
  --mcast-ttl ttl                     Multicast TTL (default=1)
)";

constexpr std::string_view usage_head = R"(Usage: ipvsadm-ng COMMAND [SERVICE] [OPTION...]
  ipvsadm-ng -A -t 192.0.2.1:80 -s wlc              a service
  ipvsadm-ng -a -t 192.0.2.1:80 -r 10.0.0.11:80 -m  a server of it
  ipvsadm-ng -L -n                                  what there is
  ipvsadm-ng -L --json                              the same for programs
  ipvsadm-ng --plan FILE                            what --apply FILE would change

)";

void print_usage(Output& out, std::string_view program) {
  std::string_view rest = ipvsadm_usage;
  for (std::size_t mark = rest.find('@'); mark != std::string_view::npos; mark = rest.find('@')) {
    out.write(rest.substr(0, mark));
    out.write(program);
    rest.remove_prefix(mark + 1);
  }
  out.write(rest);
}

std::string option_name(const Switch& row) {
  std::string name{row.name};
  if (row.letter != '\0') name += std::string{","} + row.letter;
  return name;
}

/// The options of the table that `wanted` chooses, as Boost.Program_options lays them out.
template <class Wanted>
void print_options(Output& out, const char* title, Wanted wanted) {
  po::options_description options{title};
  for (const Switch& row : switches()) {
    if (row.name.empty() || !wanted(row)) continue;
    const std::string help{row.help};
    const std::string argument{row.metavariable};
    const std::string metavariable = row.argument == Argument::optional ? '[' + argument + ']' : argument;
    if (row.argument == Argument::none)
      options.add_options()(option_name(row).c_str(), help.c_str());
    else
      options.add_options()(option_name(row).c_str(), po::value<std::string>()->value_name(metavariable), help.c_str());
  }
  std::ostringstream text;
  text << options << '\n';
  out.write(text.str());
}

}  // namespace

void print_help(Output& out, std::string_view program, Dialect dialect) {
  if (dialect == Dialect::ipvsadm) {
    out.write(ipvsadm_version);
    print_usage(out, program);
    return;
  }
  out.write(usage_head);
  print_options(out, "Commands", [](const Switch& row) { return row.token == Token::command; });
  print_options(out, "Options", [](const Switch& row) { return row.token != Token::command; });
  out.write("An option's letter takes its argument attached too: -t192.0.2.1:80. See ipvsadm-ng(8).\n");
}

void print_version(Output& out, Dialect dialect) {
  out.write(dialect == Dialect::ipvsadm ? ipvsadm_version : "ipvsadm-ng " IPVS_NG_VERSION "\n");
}

}  // namespace ipvsadm
