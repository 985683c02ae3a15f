// The control socket over a real Unix socket, with clients that read, stall and go.
#include "io/control.hpp"

#include <doctest/doctest.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <vector>

#include "folder.hpp"

using namespace keepalive::io;

namespace {

class Server {
 public:
  Server()
      : server_{io, folder_.file("control"),
                [this](const ControlRequest& request, std::shared_ptr<ControlReply> reply) {
                  requests.push_back(request.method + " " + request.target + " " + request.body);
                  by = request.by;
                  if (request.target != "/follow") return reply->give(200, "text/plain", "you asked " + request.target);
                  reply->begin("text/lines");
                  follower = reply;
                }} {}

  std::string path() const { return folder_.file("control"); }
  void turn(int milliseconds = 5) {
    io.restart();
    io.run_for(std::chrono::milliseconds{milliseconds});
    io.poll();  // also when the time was over before anything ran
  }

 private:
  Folder folder_ = {};

 public:
  boost::asio::io_context io = {};
  std::vector<std::string> requests = {};
  std::string by = "";
  std::weak_ptr<ControlReply> follower = {};

 private:
  ControlServer server_;
};

class Client {
 public:
  explicit Client(Server& server) : server_{server}, fd_{::socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0)} {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    server.path().copy(address.sun_path, sizeof address.sun_path - 1);
    REQUIRE(::connect(fd_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
  }
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;
  ~Client() { ::close(fd_); }

  void say(std::string_view text) {
    while (!text.empty()) {
      const ssize_t sent = ::send(fd_, text.data(), text.size(), MSG_NOSIGNAL);
      if (sent > 0) text.remove_prefix(static_cast<std::size_t>(sent));
      server_.turn(1);
      if (sent < 0 && errno == EPIPE) return;
    }
  }
  /// All that comes until nothing does; "|" at the end: the server has closed.
  std::string hear() {
    std::string text;
    std::array<char, 4096> buffer{};
    for (int quiet = 0; quiet < 3;) {
      server_.turn();
      const ssize_t got = ::recv(fd_, buffer.data(), buffer.size(), 0);
      if (got == 0 || (got < 0 && errno == ECONNRESET)) return text + "|";
      quiet = got < 0 ? quiet + 1 : 0;
      if (got > 0) text.append(buffer.data(), static_cast<std::size_t>(got));
    }
    return text;
  }

 private:
  Server& server_;
  int fd_;
};

std::string status(const std::string& answer) { return answer.substr(0, answer.find("\r\n")); }

}  // namespace

TEST_CASE("requests follow each other on a connection, also when they come at once") {
  Server server;
  Client client{server};
  const std::string one = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 11\r\n\r\nyou asked /";
  client.say("GET / HTTP/1.1\r\n\r\n");
  CHECK(client.hear() == one);
  client.say("POST / HTTP/1.1\r\nContent-Length: 2\r\n\r\n{}GET / HTTP/1.1\r\n\r\n");
  CHECK(client.hear() == one + one);
  CHECK(server.requests == std::vector<std::string>{"GET / ", "POST / {}", "GET / "});
  client.say("GET / HTTP/1.1\r\nConnection: close\r\n\r\n");
  CHECK(client.hear().ends_with("Connection: close\r\n\r\nyou asked /|"));
}

TEST_CASE("who asks is the user at the other end; the name of another is believed of the monitor alone") {
  Server server;
  Client client{server};
  const std::string request = "GET / HTTP/1.1\r\nX-Keepalive-By: anna\r\n\r\n";
  client.say(request);
  client.hear();
  CHECK(server.by == (::geteuid() == 0 ? "root" : "uid " + std::to_string(::geteuid())));

  std::array<int, 2> ends{};
  REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM, 0, ends.data()) == 0);
  std::string told;
  boost::asio::local::stream_protocol::socket socket{server.io};
  socket.assign({}, ends[0]);
  serve(std::move(socket), [&](const ControlRequest& asked, const std::shared_ptr<ControlReply>& reply) {
    told = asked.by;
    reply->give(200, "text/plain", "");
  });
  REQUIRE(::send(ends[1], request.data(), request.size(), 0) > 0);
  server.turn();
  CHECK(told == "anna");
  ::close(ends[1]);
  server.turn();
}

TEST_CASE("HEAD is GET without the body") {
  Server server;
  Client client{server};
  client.say("HEAD / HTTP/1.1\r\n\r\n");
  CHECK(client.hear() == "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 11\r\n\r\n");
  CHECK(server.requests == std::vector<std::string>{"GET / "});
  client.say("HEAD /follow HTTP/1.1\r\n\r\n");
  CHECK(client.hear() == "HTTP/1.1 200 OK\r\nContent-Type: text/lines\r\nConnection: close\r\n\r\n|");
}

TEST_CASE("what is too large or no HTTP is refused, and the connection ends") {
  struct Row {
    std::string request;
    std::string status;
  };
  const Row rows[] = {
      {"POST / HTTP/1.1\r\nContent-Length: 2000000\r\n\r\n", "HTTP/1.1 413 Payload Too Large"},
      {"GET / HTTP/1.1\r\nX: " + std::string(20000, 'x') + "\r\n\r\n", "HTTP/1.1 413 Payload Too Large"},
      {"220 mail.example.net ESMTP\r\n\r\n", "HTTP/1.1 400 Bad Request"},
  };
  for (const Row& row : rows) {
    Server server;
    Client client{server};
    client.say(row.request);
    const std::string answer = client.hear();
    CHECK(status(answer) == row.status);
    CHECK(answer.ends_with("|"));
    CHECK(server.requests.empty());
  }
}

TEST_CASE("a follower gets lines until it goes, and then nothing is left of it") {
  Server server;
  {
    Client client{server};
    client.say("GET /follow HTTP/1.1\r\n\r\n");
    CHECK(client.hear() == "HTTP/1.1 200 OK\r\nContent-Type: text/lines\r\nTransfer-Encoding: chunked\r\n\r\n");
    REQUIRE(server.follower.lock() != nullptr);
    CHECK(server.follower.lock()->line("a\n"));
    CHECK(client.hear() == "2\r\na\n\r\n");
  }
  server.turn(20);
  CHECK(server.follower.expired());
}

TEST_CASE("a follower that does not read is cut off") {
  Server server;
  Client client{server};
  client.say("GET /follow HTTP/1.1\r\n\r\n");
  client.hear();
  const std::string line(1U << 20U, 'x');
  int taken = 0;
  for (auto follower = server.follower.lock(); taken < 100 && follower->line(line); ++taken) server.turn(1);
  CHECK(taken < 10);
  server.turn(20);
  CHECK(server.follower.expired());
}

TEST_CASE("more connections than the limit are told so; room made is used") {
  Server server;
  std::vector<std::unique_ptr<Client>> clients;
  for (long i = 0; i < ControlServer::most_connections; ++i) {
    clients.push_back(std::make_unique<Client>(server));
    server.turn(1);
  }
  Client late{server};
  CHECK(status(late.hear()) == "HTTP/1.1 503 Service Unavailable");
  clients.clear();
  server.turn(20);
  Client next{server};
  next.say("GET / HTTP/1.1\r\n\r\n");
  CHECK(status(next.hear()) == "HTTP/1.1 200 OK");
}

TEST_CASE("owner and group may write to the socket, nobody else; it goes with the server") {
  std::string path;
  {
    const Server server;
    path = server.path();
    struct stat info = {};
    REQUIRE(::stat(path.c_str(), &info) == 0);
    CHECK((info.st_mode & 07777U) == 0660);
  }
  CHECK(::access(path.c_str(), F_OK) != 0);
}

TEST_CASE("a socket that cannot be is told with its path") {
  boost::asio::io_context io;
  CHECK_THROWS_WITH((ControlServer{io, "/nowhere/control", {}}), "/nowhere/control: No such file or directory");
  const std::string longest = "/" + std::string(107, 'x');
  CHECK_THROWS_WITH((ControlServer{io, longest, {}}),
                    (longest + ": longer than 107 bytes: choose another --run-dir").c_str());
}
