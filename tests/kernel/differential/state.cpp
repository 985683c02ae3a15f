#include "state.hpp"

#include <linux/ip_vs.h>
#include <netlink/genl/ctrl.h>
#include <netlink/genl/genl.h>
#include <netlink/netlink.h>

#include <algorithm>
#include <cerrno>
#include <memory>
#include <span>
#include <stdexcept>
#include <vector>

namespace differential {
namespace {

using Names = std::vector<const char*>;

const Names service_names = {"?",     "family",  "protocol", "address", "port",   "mark",  "scheduler",
                             "flags", "timeout", "netmask",  nullptr,   "engine", "totals"};
const Names destination_names = {"?",      "address", "port",        "forward",     "weight", "upper",
                                 "lower",  "active",  "inactive",    "persistent",  nullptr,  "family",
                                 "totals", "tunnel",  "tunnel-port", "tunnel-flags"};
const Names daemon_names = {"?", "role", "interface", "id", "maxlen", "group", "group6", "port", "ttl"};

struct SocketDeleter {
  void operator()(nl_sock* socket) const { nl_socket_free(socket); }
};
struct MessageDeleter {
  void operator()(nl_msg* message) const { nlmsg_free(message); }
};
using Socket = std::unique_ptr<nl_sock, SocketDeleter>;
using Message = std::unique_ptr<nl_msg, MessageDeleter>;
using Attributes = std::vector<char>;  // a copy of an answer's attributes

void check(int error, const char* what) {
  if (error < 0) throw std::runtime_error(std::string{"kernel state: "} + what + ": " + nl_geterror(error));
}

std::string hex(const nlattr* attribute) {
  static const char* digits = "0123456789abcdef";
  std::string text;
  const auto* bytes = static_cast<const unsigned char*>(nla_data(attribute));
  for (const unsigned char byte : std::span{bytes, static_cast<std::size_t>(nla_len(attribute))}) {
    text += digits[byte >> 4];
    text += digits[byte & 15];
  }
  return text;
}

// The five totals of a STATS64 attribute, nothing when all are zero.
std::string totals(const nlattr* stats) {
  std::string text;
  bool any = false;
  nlattr* attribute = nullptr;
  int left = 0;
  nla_for_each_nested(attribute, const_cast<nlattr*>(stats), left) {
    const int type = nla_type(attribute);
    if (type < IPVS_STATS_ATTR_CONNS || type > IPVS_STATS_ATTR_OUTBYTES) continue;
    const auto value = nla_get_u64(attribute);
    any = any || value != 0;
    text += (text.empty() ? "" : ",") + std::to_string(value);
  }
  return any ? text : "";
}

std::string describe(const nlattr* nested, const Names& names) {
  std::string text;
  nlattr* attribute = nullptr;
  int left = 0;
  nla_for_each_nested(attribute, const_cast<nlattr*>(nested), left) {
    const auto type = static_cast<std::size_t>(nla_type(attribute));
    const std::string name = type < names.size() ? (names[type] != nullptr ? names[type] : "") : std::to_string(type);
    const bool words = name == "scheduler" || name == "engine" || name == "interface";
    const std::string value = words ? nla_get_string(attribute) : name == "totals" ? totals(attribute) : hex(attribute);
    if (!name.empty() && !(name == "totals" && value.empty())) text.append(" ").append(name).append("=").append(value);
  }
  return text;
}

// What names a service: its attributes up to the mark, as the kernel gave them.
void put_key(nl_msg* message, const nlattr* service) {
  nlattr* nest = nla_nest_start(message, IPVS_CMD_ATTR_SERVICE);
  nlattr* attribute = nullptr;
  int left = 0;
  nla_for_each_nested(attribute, const_cast<nlattr*>(service), left) {
    const int type = nla_type(attribute);
    if (type <= IPVS_SVC_ATTR_FWMARK) nla_put(message, type, nla_len(attribute), nla_data(attribute));
  }
  nla_nest_end(message, nest);
}

class Kernel {
 public:
  Kernel() : socket_{nl_socket_alloc()} {
    check(genl_connect(socket_.get()), "connect");
    nl_socket_disable_auto_ack(socket_.get());
    nl_socket_modify_cb(socket_.get(), NL_CB_VALID, NL_CB_CUSTOM, keep, &answers_);
  }

  // The family's number does not change once IPVS is there.
  bool find() {
    static int family = 0;
    if (family <= 0) family = genl_ctrl_resolve(socket_.get(), IPVS_GENL_NAME);
    family_ = family;
    return family_ > 0;
  }

  std::vector<Attributes> ask(uint8_t command, int flags, const nlattr* service = nullptr) {
    const Message message{nlmsg_alloc()};
    genlmsg_put(message.get(), NL_AUTO_PORT, NL_AUTO_SEQ, family_, 0, flags, command, IPVS_GENL_VERSION);
    if (service != nullptr) put_key(message.get(), service);
    answers_.clear();
    check(nl_send_auto(socket_.get(), message.get()), "send");
    check(nl_recvmsgs_default(socket_.get()), "receive");
    return std::move(answers_);
  }

 private:
  static int keep(nl_msg* message, void* answers) {
    auto* header = static_cast<genlmsghdr*>(nlmsg_data(nlmsg_hdr(message)));
    const auto* begin = reinterpret_cast<const char*>(genlmsg_attrdata(header, 0));
    static_cast<std::vector<Attributes>*>(answers)->emplace_back(begin, begin + genlmsg_attrlen(header, 0));
    return NL_OK;
  }

  Socket socket_;
  int family_ = 0;
  std::vector<Attributes> answers_ = {};
};

const nlattr* find(const Attributes& answer, int type) {
  const auto* head = reinterpret_cast<const nlattr*>(answer.data());
  return nla_find(head, static_cast<int>(answer.size()), type);
}

std::string services(Kernel& kernel) {
  std::vector<std::string> lines;
  for (const Attributes& answer : kernel.ask(IPVS_CMD_GET_SERVICE, NLM_F_DUMP)) {
    const nlattr* service = find(answer, IPVS_CMD_ATTR_SERVICE);
    if (service == nullptr) continue;
    std::string line = "service" + describe(service, service_names) + "\n";
    for (const Attributes& below : kernel.ask(IPVS_CMD_GET_DEST, NLM_F_DUMP, service)) {
      const nlattr* destination = find(below, IPVS_CMD_ATTR_DEST);
      if (destination != nullptr) line += "  destination" + describe(destination, destination_names) + "\n";
    }
    lines.push_back(std::move(line));
  }
  std::sort(lines.begin(), lines.end());
  std::string text;
  for (const std::string& line : lines) text += line;
  return text;
}

std::string daemons(Kernel& kernel) {
  std::string text;
  for (const Attributes& answer : kernel.ask(IPVS_CMD_GET_DAEMON, NLM_F_DUMP)) {
    const nlattr* daemon = find(answer, IPVS_CMD_ATTR_DAEMON);
    if (daemon != nullptr) text += "daemon" + describe(daemon, daemon_names) + "\n";
  }
  return text;
}

std::string timeouts(Kernel& kernel) {
  std::string text = "timeouts";
  for (const Attributes& answer : kernel.ask(IPVS_CMD_GET_CONFIG, 0)) {
    for (int type = IPVS_CMD_ATTR_TIMEOUT_TCP; type <= IPVS_CMD_ATTR_TIMEOUT_UDP; ++type) {
      const nlattr* value = find(answer, type);
      text += " " + (value != nullptr ? std::to_string(nla_get_u32(value)) : "?");
    }
  }
  return text + "\n";
}

}  // namespace

std::string kernel_state() {
  Kernel kernel;
  if (!kernel.find()) return "no IPVS\n";
  return services(kernel) + daemons(kernel) + timeouts(kernel);
}

}  // namespace differential
