#include "sync/io/desk.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <optional>
#include <utility>

#include "sync/io/accept.hpp"
#include "sync/io/deadline.hpp"

namespace ipvs::sync {
namespace {

namespace asio = boost::asio;
using asio::use_awaitable;
using Local = asio::local::stream_protocol;
using boost::system::system_error;

constexpr std::size_t longest_request = 4096;
constexpr std::size_t most_questions = 32;
constexpr std::chrono::seconds patience{10};

bool answered(asio::io_context& io, const std::string& path) {
  Local::socket socket{io};
  boost::system::error_code error;
  socket.connect(Local::endpoint{path}, error);
  return !error;
}

/// Which file a path names, if any.
std::optional<struct stat> file_at(const std::string& path) {
  struct stat facts {};
  return ::lstat(path.c_str(), &facts) == 0 ? std::optional{facts} : std::nullopt;
}

}  // namespace

struct ControlDesk::State : std::enable_shared_from_this<State> {
  State(asio::io_context& loop, std::string place, Answer how)
      : io{loop}, acceptor{loop}, path{std::move(place)}, answer{std::move(how)} {}

  asio::awaitable<void> accept() {
    while (true) {
      std::optional<Local::socket> socket = co_await accepted(acceptor);
      if (!socket) co_return;
      if (sessions < most_questions) asio::co_spawn(io, serve(shared_from_this(), std::move(*socket)), asio::detached);
    }
  }

  static asio::awaitable<void> serve(std::shared_ptr<State> self, Local::socket socket) {
    ++self->sessions;
    const Deadline limit{socket.get_executor(), patience, [&socket] { socket.close(); }};
    try {
      std::string request;
      const std::size_t size =
          co_await asio::async_read_until(socket, asio::dynamic_buffer(request, longest_request), '\n', use_awaitable);
      const std::string answer = self->answer ? self->answer(request.substr(0, size - 1)) : "";
      co_await asio::async_write(socket, asio::buffer(answer), use_awaitable);
    } catch (const system_error&) {  // who does not wait for the answer does not want it
    }
    --self->sessions;
  }

  asio::io_context& io;
  Local::acceptor acceptor;
  std::string path;
  std::optional<struct stat> made = std::nullopt;  // at the path
  Answer answer;
  std::size_t sessions = 0;
};

tl::expected<std::unique_ptr<ControlDesk>, std::string> ControlDesk::open(asio::io_context& io, const std::string& path,
                                                                          Answer answer) {
  const auto found = file_at(path);
  if (found && !S_ISSOCK(found->st_mode)) return tl::unexpected{path + " is there and is no socket: name another"};
  if (answered(io, path)) return tl::unexpected{"another agent listens at " + path};
  const auto state = std::make_shared<State>(io, path, std::move(answer));
  try {
    ::unlink(path.c_str());
    const mode_t before = ::umask(0177);
    state->acceptor.open();
    boost::system::error_code error;
    state->acceptor.bind(Local::endpoint{path}, error);
    ::umask(before);
    if (error) throw system_error{error};
    state->made = file_at(path);
    state->acceptor.listen();
  } catch (const system_error& fault) {
    return tl::unexpected{"cannot listen at " + path + ": " + fault.code().message()};
  }
  asio::co_spawn(
      io, [state] { return state->accept(); }, asio::detached);
  return std::unique_ptr<ControlDesk>{new ControlDesk{state}};
}

ControlDesk::~ControlDesk() {
  const auto found = file_at(state_->path);
  const bool ours =
      found && state_->made && found->st_dev == state_->made->st_dev && found->st_ino == state_->made->st_ino;
  if (ours) ::unlink(state_->path.c_str());
  state_->answer = {};
  state_->acceptor.close();
}

tl::expected<std::string, std::string> ask_agent(const std::string& path, const std::string& request) {
  asio::io_context io;
  Local::socket socket{io};
  boost::system::error_code error;
  socket.connect(Local::endpoint{path}, error);
  if (error)
    return tl::unexpected{
        "cannot ask the agent at " + path + ": " + error.message() +
        "; ipvs-sync mirror or ipvs-sync relay runs one; keepalive's own is asked by keepalivectl sync"};
  asio::write(socket, asio::buffer(request + "\n"), error);
  std::string answer;
  if (!error) asio::read(socket, asio::dynamic_buffer(answer), error);
  if (error && error != asio::error::eof) return tl::unexpected{"the agent at " + path + ": " + error.message()};
  return answer;
}

}  // namespace ipvs::sync
