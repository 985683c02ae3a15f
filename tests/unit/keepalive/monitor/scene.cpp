#include "scene.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <future>

#include "base/bytes.hpp"
#include "core/monitor_words.hpp"
#include "monitor/password.hpp"
#include "monitor/role.hpp"
#include "monitor/users.hpp"

namespace monitor_test {

using namespace keepalive;

namespace {

std::uint16_t free_port() {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in at{};
  at.sin_family = AF_INET;
  at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof at;
  ::bind(fd, reinterpret_cast<const sockaddr*>(&at), sizeof at);
  ::getsockname(fd, reinterpret_cast<sockaddr*>(&at), &size);
  ::close(fd);
  return ntohs(at.sin_port);
}

}  // namespace

const std::string& users() {
  static const std::string text = [] {
    std::string made;
    for (const auto& [name, role] : {std::pair{"anna", "administrator"}, {"olaf", "operator"}, {"vera", "viewer"}})
      made += fmt::format("{0}:{1}:{2}\ntoken:{3}:{1}:{4}:2099-12-31\n", name, role, monitor::hash_password(name),
                          name[0], monitor::token_hash(fmt::format("kal_{}", name[0])));
    return made;
  }();
  return text;
}

Scene::Scene(const std::function<void(Monitor&)>& change) : port_{free_port()} {
  REQUIRE(::mkdtemp(folder_.data()) != nullptr);
  settings_ = {.listen = {{ipvs::Address::parse("127.0.0.1").value(), {port_}}},
               .allow = Monitor::Allow::configure,
               .users = users(),
               .users_path = "users",
               .history = 1U << 20U};
  const auto [ours, theirs] = io::socket_pair();
  channel_ = std::make_unique<io::Channel>(
      io_, ours, io::Channel::Handler{[this](std::string_view, base::Fd fd) { hear(fd.release()); }, [] {}});
  set(change);
  role_ = std::thread{[fd = theirs, folder = folder_] { monitor::run_monitor(fd, folder); }};
  director_ = std::thread{[this] {
    const auto work = boost::asio::make_work_guard(io_);
    io_.run();
  }};
}

Scene::~Scene() {
  boost::asio::post(io_, [this] {
    channel_.reset();
    io_.stop();
  });
  director_.join();
  role_.join();
  std::filesystem::remove_all(folder_);
}

void Scene::set(const std::function<void(Monitor&)>& change) {
  change(settings_);
  boost::asio::post(io_, [this, settings = settings_] {
    channel_->send(encode(core::MonitorWords{core::SetMonitor{settings, "a"}}));
  });
}

void Scene::hear(int fd) {
  REQUIRE(fd >= 0);
  using Protocol = boost::asio::local::stream_protocol;
  io::serve(Protocol::socket{io_, Protocol{}, fd}, [this](const auto& request, auto reply) { answer(request, reply); });
}

void Scene::answer(const io::ControlRequest& request, const std::shared_ptr<io::ControlReply>& reply) {
  const std::lock_guard lock{mutex_};
  asked_.push_back(fmt::format("{} {} {}", request.method, request.target, request.body));
  if (request.target.starts_with("/v1/overview")) return reply->give(200, "application/json", overview_);
  if (request.target.starts_with("/v1/events") && request.target.find("follow=1") != std::string::npos) {
    reply->begin("application/x-ndjson");
    followers_.push_back(reply);
    return;
  }
  if (request.target == "/v1/plan") return reply->give(409, "application/json", R"({"error":"the file has faults"})");
  if (request.target == "/v1/status")
    return reply->give(200, "application/json", "{\"big\":\"" + std::string(3'000'000, 'x') + "\"}");
  reply->give(200, "application/json", R"({"done":true})");
}

void Scene::overview(const std::string& json) {
  const std::lock_guard lock{mutex_};
  overview_ = json;
}

bool Scene::journal(const std::string& line) {
  std::promise<bool> told;
  boost::asio::post(io_, [&] {
    const std::lock_guard lock{mutex_};
    bool any = false;
    for (const auto& weak : followers_)
      if (const auto reply = weak.lock()) any = reply->line(line) || any;
    told.set_value(any);
  });
  return told.get_future().get();
}

std::size_t Scene::count(const std::string& begin) {
  const std::lock_guard lock{mutex_};
  return static_cast<std::size_t>(
      std::count_if(asked_.begin(), asked_.end(), [&](const std::string& one) { return one.starts_with(begin); }));
}

Login log_in(Scene& scene, const std::string& user) {
  const Heard heard = ask(scene, post("/api/login", fmt::format(R"({{"user":"{0}","password":"{0}"}})", user)));
  REQUIRE(heard.status == 200);
  const std::string& cookie = heard.headers.at("set-cookie");
  const std::string word = "\"csrf\":\"";
  return {.cookie = cookie.substr(0, cookie.find(';')),
          .csrf = heard.body.substr(heard.body.find(word) + word.size(), 32)};
}

Heard ask(Scene& scene, const std::string& request) {
  Client client{scene.port()};
  REQUIRE(client.secure());
  client.say(request);
  return client.answer(request.starts_with("HEAD")).value_or(Heard{});
}

std::string get(const std::string& path, const std::string& headers) {
  return fmt::format("GET {} HTTP/1.1\r\nHost: m\r\n{}\r\n", path, headers);
}

std::string word_of(const boost::json::value& value) { return std::string{std::string_view{value.as_string()}}; }

std::string post(const std::string& path, const std::string& body, const std::string& headers) {
  return fmt::format("POST {} HTTP/1.1\r\nHost: m\r\nContent-Type: application/json\r\nContent-Length: {}\r\n{}\r\n{}",
                     path, body.size(), headers, body);
}

std::string as(const Login& login) {
  return fmt::format("Cookie: {}\r\nX-CSRF-Token: {}\r\n", login.cookie, login.csrf);
}

bool until(const std::function<bool()>& done) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds{60};
  while (!done()) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds{10});
  }
  return true;
}

}  // namespace monitor_test
