// A monitor in a thread, and the director that it works for in another: its control API answers what the test says.
#pragma once

#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/json/value.hpp>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "client.hpp"
#include "config/monitor.hpp"
#include "io/channel.hpp"
#include "io/control.hpp"

namespace monitor_test {

/// Users anna (administrator), olaf (operator), vera (viewer), each with the name as password, and tokens "kal_a",
/// "kal_o", "kal_v".
const std::string& users();

class Scene {
 public:
  explicit Scene(const std::function<void(keepalive::Monitor&)>& change = [](keepalive::Monitor&) {});
  Scene(const Scene&) = delete;
  Scene& operator=(const Scene&) = delete;
  ~Scene();

  std::uint16_t port() const { return port_; }
  const std::string& folder() const { return folder_; }
  void set(const std::function<void(keepalive::Monitor&)>& change);

  /// What the director answers to GET /v1/overview from now on.
  void overview(const std::string& json);
  /// A line of its journal, to all that follow it; false: nobody does.
  bool journal(const std::string& line);
  /// How many requests began so: "POST /v1/reload {}".
  std::size_t count(const std::string& begin);

 private:
  void hear(int fd);
  void answer(const keepalive::io::ControlRequest& request, const std::shared_ptr<keepalive::io::ControlReply>& reply);

  keepalive::Monitor settings_ = {};
  std::string folder_ = "/tmp/monitor.XXXXXX";
  std::uint16_t port_ = 0;
  boost::asio::io_context io_ = {};
  std::mutex mutex_ = {};
  std::string overview_ = R"({"router_id":"a","sequence":0,"services":[],"pools":[]})";
  std::vector<std::string> asked_ = {};
  std::vector<std::weak_ptr<keepalive::io::ControlReply>> followers_ = {};
  std::unique_ptr<keepalive::io::Channel> channel_ = nullptr;
  std::thread director_ = {};
  std::thread role_ = {};
};

/// Who is logged in: what to send along.
struct Login {
  std::string cookie = "";
  std::string csrf = "";
};
Login log_in(Scene& scene, const std::string& user);
/// One request on a connection of its own.
Heard ask(Scene& scene, const std::string& request);
std::string get(const std::string& path, const std::string& headers = "");
std::string word_of(const boost::json::value& value);
std::string post(const std::string& path, const std::string& body, const std::string& headers = "");
std::string as(const Login& login);
bool until(const std::function<bool()>& done);

}  // namespace monitor_test
