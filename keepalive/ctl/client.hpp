// Requests over the daemon's control socket, each on a connection of its own. Blocking.
#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <string_view>
#include <tl/expected.hpp>

namespace keepalive::ctl {

struct Reply {
  unsigned status = 0;
  std::string body = "";

  friend bool operator==(const Reply&, const Reply&) = default;
};

class Client {
 public:
  explicit Client(std::string path, std::chrono::milliseconds patience = std::chrono::seconds{30})
      : path_{std::move(path)}, patience_{patience} {}

  /// Error: why the daemon cannot be reached and what to do; so below.
  tl::expected<Reply, std::string> get(std::string_view target) const { return ask("GET", target, {}); }
  tl::expected<Reply, std::string> post(std::string_view target, std::string_view body = "{}") const {
    return ask("POST", target, body);
  }
  /// Hands over each line as it comes, however long that takes; returns when the daemon ends. A status other than
  /// 200 is a reply as ever.
  tl::expected<Reply, std::string> follow(std::string_view target,
                                          const std::function<void(std::string_view line)>& line) const;

 private:
  tl::expected<Reply, std::string> ask(std::string_view method, std::string_view target, std::string_view body) const;

  std::string path_;
  std::chrono::milliseconds patience_;
};

}  // namespace keepalive::ctl
