#include "io/listener.hpp"

#include <fmt/format.h>

#include <boost/asio/steady_timer.hpp>
#include <string>
#include <utility>

#include "io/log.hpp"

namespace keepalive::io {
namespace {

using boost::asio::ip::tcp;
using boost::system::error_code;

tcp::endpoint place(const ipvs::Endpoint& at) {
  return {boost::asio::ip::make_address(to_string(at.address)), at.port.value};
}

std::string words(const error_code& error, std::chrono::milliseconds pause) {
  if (error == boost::asio::error::access_denied)
    return error.message() + "; this role has no privilege: choose a port of 1024 or above";
  return fmt::format("{}; it is tried again every {} s", error.message(), std::chrono::duration<double>(pause).count());
}

}  // namespace

struct Listener::State : std::enable_shared_from_this<State> {
  State(boost::asio::io_context& io, const ipvs::Endpoint& its_place, const Ids& its_ids, Welcome its_welcome,
        std::chrono::milliseconds its_pause)
      : at{its_place}, ids{its_ids}, welcome{std::move(its_welcome)}, pause{its_pause}, acceptor{io}, retry{io} {}

  void open() {
    error_code error;
    acceptor.close(error);
    const tcp::endpoint where = place(at);
    acceptor.open(where.protocol(), error);
    if (!error) acceptor.set_option(tcp::acceptor::reuse_address{true}, error);
    if (!error) acceptor.bind(where, error);
    if (!error) acceptor.listen(tcp::acceptor::max_listen_connections, error);
    if (error) return fail(error);
    fault.clear();
    log(Level::info, ids.listens, "at=" + to_string(at));
    accept();
  }

  void fail(const error_code& error) {
    acceptor.close();
    if (const std::string told = words(error, pause); std::exchange(fault, told) != told)
      log(Level::warning, ids.cannot, fmt::format("at={} text={}", to_string(at), quoted(told)));
    retry.expires_after(pause);
    retry.async_wait([weak = weak_from_this()](const error_code& ended) {
      if (const auto self = weak.lock(); self && !ended) self->open();
    });
  }

  void accept() {
    acceptor.async_accept([weak = weak_from_this()](const error_code& error, tcp::socket socket) {
      const auto self = weak.lock();
      if (!self || error == boost::asio::error::operation_aborted) return;
      if (error) return self->fail(error);  // too many descriptors
      self->welcome(std::move(socket));
      self->accept();
    });
  }

  ipvs::Endpoint at;
  Ids ids;
  Welcome welcome;
  std::chrono::milliseconds pause;
  tcp::acceptor acceptor;
  boost::asio::steady_timer retry;
  std::string fault = "";  // the last one told
};

Listener::Listener(boost::asio::io_context& io, const ipvs::Endpoint& at, const Ids& ids, Welcome welcome,
                   std::chrono::milliseconds pause)
    : state_{std::make_shared<State>(io, at, ids, std::move(welcome), pause)} {
  state_->open();
}

Listener::~Listener() {
  if (state_->acceptor.is_open()) log(Level::info, state_->ids.closed, "at=" + to_string(state_->at));
}

}  // namespace keepalive::io
