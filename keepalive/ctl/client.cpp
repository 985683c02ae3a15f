#include "client.hpp"

#include <fmt/format.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

#include "answer.hpp"

namespace keepalive::ctl {
namespace {

using Clock = std::chrono::steady_clock;
using Fault = tl::unexpected<std::string>;

constexpr std::size_t most_reserved = 64U << 20U;  // for what an answer says it has

/// "/run/keepalive-lab/lab.control" is keepalive@lab's.
std::string unit_of(const std::string& path) {
  constexpr std::string_view start = "/run/keepalive-";
  if (!path.starts_with(start)) return "keepalive";
  return "keepalive@" + path.substr(start.size(), path.find('/', start.size()) - start.size());
}

Fault unreachable(const std::string& path, int error) {
  const bool denied = error == EACCES || error == EPERM;
  return Fault{fmt::format(
      "cannot reach keepalive at {}: {}\n{}", path, std::strerror(error),
      denied ? "try as root, or as a member of the socket's group"
             : fmt::format("is it running? `systemctl status {}'; another one: --instance, --socket", unit_of(path)))};
}

class Connection {
 public:
  Connection(const std::string& path, std::chrono::milliseconds patience) : path_{path}, patience_{patience} {}
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  ~Connection() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }

  /// errno, or 0.
  int open() {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (path_.size() >= sizeof address.sun_path) return ENAMETOOLONG;
    path_.copy(address.sun_path, path_.size());
    descriptor_ = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (descriptor_ < 0) return errno;
    const auto* const plain = reinterpret_cast<const sockaddr*>(&address);
    return ::connect(descriptor_, plain, sizeof address) == 0 ? 0 : errno;
  }
  int send(std::string_view text) {
    while (!text.empty()) {
      const ssize_t sent = ::send(descriptor_, text.data(), text.size(), MSG_NOSIGNAL);
      if (sent < 0 && errno != EINTR) return errno;
      if (sent > 0) text.remove_prefix(static_cast<std::size_t>(sent));
    }
    return 0;
  }
  /// What comes next; empty at the end. Error: errno.
  tl::expected<std::string_view, int> receive() {
    for (;;) {
      pollfd readable{descriptor_, POLLIN, 0};
      const int ready = ::poll(&readable, 1, patience_.count() == 0 ? -1 : static_cast<int>(patience_.count()));
      if (ready == 0) return tl::unexpected{ETIMEDOUT};
      const ssize_t size = ready < 0 ? -1 : ::recv(descriptor_, buffer_.data(), buffer_.size(), 0);
      if (size >= 0) return std::string_view{buffer_.data(), static_cast<std::size_t>(size)};
      if (errno != EINTR) return tl::unexpected{errno};
    }
  }

 private:
  const std::string& path_;
  std::chrono::milliseconds patience_;  // between two pieces; 0: for ever
  int descriptor_ = -1;
  std::array<char, 65536> buffer_ = {};
};

std::string request(std::string_view method, std::string_view target, std::string_view body) {
  std::string text = fmt::format("{} {} HTTP/1.1\r\nHost: keepalive\r\nConnection: close\r\n", method, target);
  if (method == "POST") text += fmt::format("Content-Type: application/json\r\nContent-Length: {}\r\n", body.size());
  return text + "\r\n" + std::string{body};
}

using Piece = std::function<void(const Answer& answer, std::string_view piece)>;

/// Asks and hands the body over piece by piece; returns the status.
tl::expected<unsigned, std::string> converse(const std::string& path, std::chrono::milliseconds patience,
                                             const std::string& text, const Piece& piece) {
  Connection connection{path, patience};
  if (const int error = connection.open(); error != 0) return unreachable(path, error);
  if (const int error = connection.send(text); error != 0) return unreachable(path, error);
  Answer answer;
  while (!answer.complete()) {
    const auto bytes = connection.receive();
    if (!bytes && bytes.error() == ETIMEDOUT)
      return Fault{fmt::format("keepalive at {} does not answer: its log may tell why", path)};
    if (!bytes) return unreachable(path, bytes.error());
    if (!answer.take(*bytes)) return Fault{fmt::format("what listens at {} is not keepalive", path)};
    if (const std::string more = answer.body(); !more.empty()) piece(answer, more);
    if (bytes->empty() && !answer.end()) return Fault{fmt::format("keepalive at {} closed the connection", path)};
  }
  return answer.status();
}

}  // namespace

tl::expected<Reply, std::string> Client::ask(std::string_view method, std::string_view target,
                                             std::string_view body) const {
  Reply reply;
  const auto status =
      converse(path_, patience_, request(method, target, body), [&](const Answer& answer, std::string_view piece) {
        reply.body.reserve(reply.body.size() + piece.size() + std::min(answer.left(), most_reserved));
        reply.body += piece;
      });
  if (!status) return Fault{status.error()};
  reply.status = *status;
  return reply;
}

tl::expected<Reply, std::string> Client::follow(std::string_view target,
                                                const std::function<void(std::string_view line)>& line) const {
  std::string open;  // what has no end of line yet
  const auto take = [&](const Answer& answer, std::string_view piece) {
    open += piece;
    if (answer.status() != 200) return;
    std::size_t start = 0;
    for (auto end = open.find('\n'); end != std::string::npos; end = open.find('\n', start)) {
      line(std::string_view{open}.substr(start, end - start));
      start = end + 1;
    }
    open.erase(0, start);
  };
  const auto status = converse(path_, std::chrono::milliseconds{0}, request("GET", target, {}), take);
  if (!status) return Fault{status.error()};
  return Reply{*status, std::move(open)};
}

}  // namespace keepalive::ctl
