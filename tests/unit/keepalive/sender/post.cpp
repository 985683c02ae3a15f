#include "post.hpp"

#include <doctest/doctest.h>

#include <chrono>

#include "base/bytes.hpp"
#include "sender/sender.hpp"

namespace keepalive::sender {

using probe_test::Peer;

Director::Director() {
  const auto [ours, theirs] = io::socket_pair();
  const auto hear = [this](std::string_view bytes, const base::Fd&) {
    const auto message = core::decode_dispatch(base::as_bytes(bytes));
    REQUIRE(message);
    sent.push_back(std::get<core::Sent>(*message));
  };
  channel_ = std::make_unique<io::Channel>(io_, ours, io::Channel::Handler{hear, [] {}});
  sender_ = std::thread{[fd = theirs] { CHECK(run_sender(fd) == 0); }};
}

Director::~Director() { leave(); }

void Director::leave() {
  until([&] { return !channel_ || channel_->waiting() == 0; });
  channel_.reset();
  if (sender_.joinable()) sender_.join();
}

void Director::tell(const core::Dispatch& message) { channel_->send(encode(message)); }

bool Director::until(const std::function<bool()>& done) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds{30};
  while (!done()) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    io_.restart();
    io_.run_one_for(std::chrono::milliseconds{50});
  }
  return true;
}

void Notes::add(std::string note) {
  const std::lock_guard lock{mutex_};
  list_.push_back(std::move(note));
}

std::vector<std::string> Notes::all() const {
  const std::lock_guard lock{mutex_};
  return list_;
}

MailServer::MailServer(std::vector<std::string> verdicts, std::string extensions)
    : verdicts_{std::move(verdicts)}, extensions_{std::move(extensions)}, server_{[this](Peer& peer) { talk(peer); }} {}

void MailServer::talk(Peer& peer) {
  if (!peer.say("220 here\r\n")) return;
  for (std::string line; !(line = peer.hear("\r\n")).empty();) {
    commands.add(line.substr(0, line.size() - 2));
    if (line.starts_with("EHLO")) {
      peer.say("250-here\r\n" + extensions_);
    } else if (line.starts_with("DATA")) {
      peer.say("354 go\r\n");
      mails.add(peer.hear("\r\n.\r\n"));
      const std::size_t number = mails.count();
      peer.say(number <= verdicts_.size() ? verdicts_[number - 1] + "\r\n" : "250 taken\r\n");
    } else {
      peer.say(line.starts_with("MAIL") || line.starts_with("RCPT") ? "250 ok\r\n"
               : line.starts_with("QUIT")                           ? "221 bye\r\n"
                                                                    : "502 no\r\n");
    }
  }
}

Webhook::Webhook(std::vector<int> statuses)
    : statuses_{std::move(statuses)}, server_{[this](Peer& peer) { talk(peer); }} {}

void Webhook::talk(Peer& peer) {
  for (std::string text; !(text = peer.hear("}\n")).empty();) {
    const std::size_t body = text.find("\r\n\r\n");
    if (body == text.npos) return;
    bodies.add(text.substr(body + 4));
    const std::size_t number = bodies.count();
    const int status = number <= statuses_.size() ? statuses_[number - 1] : 200;
    peer.say("HTTP/1.1 " + std::to_string(status) + " X\r\nContent-Length: 0\r\n\r\n");
  }
}

}  // namespace keepalive::sender
