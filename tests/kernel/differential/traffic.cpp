#include "traffic.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <map>
#include <stdexcept>
#include <system_error>
#include <utility>

namespace differential {
namespace {

constexpr int patience = 20000;  // milliseconds for one answer, on a machine that others use, too

class File {
 public:
  explicit File(int fd) : fd_{fd} {}
  File(File&& other) noexcept : fd_{std::exchange(other.fd_, -1)} {}
  File& operator=(File&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  ~File() {
    if (fd_ >= 0) close(fd_);
  }
  int fd() const { return fd_; }

 private:
  int fd_;
};

struct Server {
  File file;
  bool stream = false;
};

std::vector<Server> servers;
std::vector<File> kept;

long checked(long result, const char* what) {
  if (result < 0) throw std::system_error(errno, std::generic_category(), std::string{"traffic: "} + what);
  return result;
}

sockaddr_storage endpoint(const std::string& text) {
  const auto colon = text.rfind(':');
  std::string host = text.substr(0, colon);
  const auto port = htons(static_cast<uint16_t>(colon == std::string::npos ? 0 : std::stoi(text.substr(colon + 1))));
  sockaddr_storage storage = {};
  auto* v4 = reinterpret_cast<sockaddr_in*>(&storage);
  auto* v6 = reinterpret_cast<sockaddr_in6*>(&storage);
  if (host.starts_with('[')) host = host.substr(1, host.size() - 2);
  if (inet_pton(AF_INET, host.c_str(), &v4->sin_addr) == 1) {
    v4->sin_family = AF_INET;
    v4->sin_port = port;
  } else if (inet_pton(AF_INET6, host.c_str(), &v6->sin6_addr) == 1) {
    v6->sin6_family = AF_INET6;
    v6->sin6_port = port;
  } else {
    throw std::runtime_error("traffic: not an address: " + text);
  }
  return storage;
}

socklen_t size(const sockaddr_storage& at) {
  return at.ss_family == AF_INET ? sizeof(sockaddr_in) : sizeof(sockaddr_in6);
}
const sockaddr* raw(const sockaddr_storage& at) { return reinterpret_cast<const sockaddr*>(&at); }

File socket_of(const std::string& kind, const sockaddr_storage& at) {
  static const std::map<std::string, int> protocols = {
      {"tcp", IPPROTO_TCP}, {"udp", IPPROTO_UDP}, {"sctp", IPPROTO_SCTP}};
  const int protocol = protocols.at(kind);
  const int type = (protocol == IPPROTO_UDP ? SOCK_DGRAM : SOCK_STREAM) | SOCK_CLOEXEC;
  File file{static_cast<int>(checked(socket(at.ss_family, type, protocol), "socket"))};
  const timeval limit = {patience / 1000, 0};
  for (const int option : {SO_RCVTIMEO, SO_SNDTIMEO}) {
    checked(setsockopt(file.fd(), SOL_SOCKET, option, &limit, sizeof limit), "timeout");
  }
  const int yes = 1;
  checked(setsockopt(file.fd(), SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes), "reuse");
  return file;
}

void serve(const std::string& kind, const std::string& where) {
  const auto at = endpoint(where);
  Server server{socket_of(kind, at), kind != "udp"};
  checked(bind(server.file.fd(), raw(at), size(at)), "bind");
  if (server.stream) checked(listen(server.file.fd(), 128), "listen");
  servers.push_back(std::move(server));
}

// Lets the server that has something to read answer it (or only read it).
void answer_one(bool reply) {
  std::vector<pollfd> waiting;
  waiting.reserve(servers.size());
  for (const Server& server : servers) waiting.push_back({server.file.fd(), POLLIN, 0});
  if (checked(poll(waiting.data(), waiting.size(), patience), "poll") == 0)
    throw std::runtime_error("no server called");
  std::size_t ready = 0;
  while ((waiting[ready].revents & POLLIN) == 0) ++ready;
  std::vector<char> message(65536);
  int fd = servers[ready].file.fd();
  if (servers[ready].stream) {
    fd = static_cast<int>(checked(accept(fd, nullptr, nullptr), "accept"));
    kept.emplace_back(fd);
  }
  sockaddr_storage from = {};
  socklen_t length = sizeof from;
  const long got =
      checked(recvfrom(fd, message.data(), message.size(), 0, reinterpret_cast<sockaddr*>(&from), &length), "read");
  if (!reply) return;
  const bool stream = servers[ready].stream;
  checked(
      sendto(fd, message.data(), static_cast<std::size_t>(got), 0, stream ? nullptr : raw(from), stream ? 0 : length),
      "answer");
}

using Settings = std::map<std::string, std::string>;

Settings settings(const std::vector<std::string>& words, std::size_t from) {
  Settings known = {{"count", "1"}, {"size", "10"}};
  for (std::size_t i = from; i < words.size(); ++i) {
    const auto equals = std::min(words[i].find('='), words[i].size());
    known[words[i].substr(0, equals)] = equals < words[i].size() ? words[i].substr(equals + 1) : "";
  }
  return known;
}

File client(const std::string& kind, const std::string& where, const Settings& how) {
  const auto at = endpoint(where);
  File file = socket_of(kind, at);
  if (auto mark = how.find("mark"); mark != how.end()) {
    const int value = std::stoi(mark->second);
    checked(setsockopt(file.fd(), SOL_SOCKET, SO_MARK, &value, sizeof value), "mark");
  }
  if (auto from = how.find("from"); from != how.end()) {
    const auto source = endpoint(from->second);
    checked(bind(file.fd(), raw(source), size(source)), "source");
  }
  checked(connect(file.fd(), raw(at), size(at)), "connect");
  return file;
}

void converse(const std::string& kind, const std::string& where, const Settings& how, const std::string& message) {
  const std::size_t before = kept.size();
  File file = client(kind, where, how);
  checked(send(file.fd(), message.data(), message.size(), MSG_NOSIGNAL), "send");
  if (!how.contains("quiet")) {
    answer_one(true);
    std::vector<char> answer(65536);
    checked(recv(file.fd(), answer.data(), answer.size(), 0), "receive");
  }
  if (how.contains("close")) {
    kept.erase(kept.begin() + static_cast<std::ptrdiff_t>(before), kept.end());
  } else {
    kept.push_back(std::move(file));
  }
}

void flood(const std::string& where, const Settings& how) {
  const File file = client("udp", where, how);
  const std::string message(std::stoul(how.at("size")), 'x');
  for (int count = std::stoi(how.at("count")); count > 0; --count) {
    checked(send(file.fd(), message.data(), message.size(), 0), "send");
    answer_one(false);
  }
}

std::string call(int number) {
  const std::string id = "call-" + std::to_string(number) + "@lab";
  return "INVITE sip:one@lab SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1\r\nCall-ID: " + id + "\r\nContent-Length: 0\r\n\r\n";
}

}  // namespace

void make_traffic(const std::vector<std::string>& words) {
  const std::string& verb = words.at(0);
  if (verb == "wait") {
    usleep(static_cast<useconds_t>(std::stoul(words.at(1)) * 1000));
  } else if (verb == "serve") {
    serve(words.at(1), words.at(2));
  } else if (verb == "send") {
    const Settings how = settings(words, 3);
    const std::string message(std::stoul(how.at("size")), 'x');
    for (int count = std::stoi(how.at("count")); count > 0; --count) converse(words[1], words.at(2), how, message);
  } else if (verb == "flood") {
    flood(words.at(1), settings(words, 2));
  } else if (verb == "sip") {
    const Settings how = settings(words, 2);
    for (int count = std::stoi(how.at("count")); count > 0; --count) converse("udp", words.at(1), how, call(count));
  } else {
    throw std::runtime_error("traffic: unknown " + verb);
  }
}

void end_traffic() {
  kept.clear();
  servers.clear();
}

}  // namespace differential
