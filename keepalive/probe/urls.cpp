#include "probe/urls.hpp"

#include <curl/curl.h>

#include <algorithm>
#include <chrono>
#include <system_error>

#include "io/clock.hpp"

namespace keepalive::probe {
namespace {

constexpr std::chrono::milliseconds first_step{10};
constexpr std::chrono::milliseconds longest_step{160};

}  // namespace

Urls::Urls(Poller& poller, std::uint64_t token) {
  static const CURLcode once = curl_global_init(CURL_GLOBAL_DEFAULT);
  static_cast<void>(once);
  multi_ = curl_multi_init();
  curl_multi_setopt(multi_, CURLMOPT_SOCKETFUNCTION, &Urls::watch);
  curl_multi_setopt(multi_, CURLMOPT_SOCKETDATA, this);
  curl_multi_setopt(multi_, CURLMOPT_TIMERFUNCTION, &Urls::set_deadline);
  curl_multi_setopt(multi_, CURLMOPT_TIMERDATA, this);
  if (const int error = poller.watch(sockets_.fd(), EPOLLIN, token); error != 0)
    throw std::system_error{error, std::generic_category(), "epoll_ctl"};
}

Urls::~Urls() { curl_multi_cleanup(multi_); }

void Urls::add(CurlEasy easy, Pace pace) {
  curl_multi_add_handle(multi_, easy);
  if (pace == Pace::events) return;
  clocked_.push_back(easy);
  between_ = first_step;
  step_ = io::now() + between_;
}

void Urls::remove(CurlEasy easy) {
  curl_multi_remove_handle(multi_, easy);
  std::erase(clocked_, easy);
}

void Urls::ready() {
  for (const epoll_event& event : sockets_.wait(0)) {
    const int what = ((event.events & EPOLLIN) != 0 ? CURL_CSELECT_IN : 0) |
                     ((event.events & EPOLLOUT) != 0 ? CURL_CSELECT_OUT : 0) |
                     ((event.events & (EPOLLERR | EPOLLHUP)) != 0 ? CURL_CSELECT_ERR : 0);
    int running = 0;
    curl_multi_socket_action(multi_, static_cast<int>(event.data.u64), what, &running);
  }
}

std::optional<core::Time> Urls::deadline() const {
  if (clocked_.empty()) return deadline_;
  return std::min(step_, deadline_.value_or(step_));
}

void Urls::pass(core::Time now) {
  if (!clocked_.empty() && step_ <= now) {
    // The end of a pause is what makes libcurl look for data that no event will tell of.
    for (const CurlEasy easy : clocked_) curl_easy_pause(easy, CURLPAUSE_SEND), curl_easy_pause(easy, CURLPAUSE_CONT);
    between_ = std::min<core::Time>(2 * between_, longest_step);
    step_ = now + between_;
    deadline_ = now;
  }
  if (!deadline_ || *deadline_ > now) return;
  deadline_.reset();
  int running = 0;
  curl_multi_socket_action(multi_, CURL_SOCKET_TIMEOUT, 0, &running);
}

std::vector<std::uint64_t> Urls::done() {
  std::vector<std::uint64_t> tokens;
  int left = 0;
  while (const CURLMsg* const message = curl_multi_info_read(multi_, &left)) {
    if (message->msg != CURLMSG_DONE) continue;
    Transfer* transfer = nullptr;
    curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &transfer);
    transfer->result = message->data.result;
    tokens.push_back(transfer->token);
  }
  return tokens;
}

/// A refusal given to libcurl would end all transfers: their own end tells of it.
int Urls::watch(CurlEasy easy, int fd, int what, void* self, void* known) {
  auto& urls = *static_cast<Urls*>(self);
  if (what == CURL_POLL_REMOVE) return urls.sockets_.forget(fd), 0;
  const std::uint32_t events = (what == CURL_POLL_OUT ? 0U : static_cast<std::uint32_t>(EPOLLIN)) |
                               (what == CURL_POLL_IN ? 0U : static_cast<std::uint32_t>(EPOLLOUT));
  const auto token = static_cast<std::uint64_t>(fd);
  const int error = known != nullptr ? urls.sockets_.change(fd, events, token) : urls.sockets_.watch(fd, events, token);
  if (error == 0) return curl_multi_assign(urls.multi_, fd, &urls), 0;  // known from now on
  Transfer* transfer = nullptr;
  curl_easy_getinfo(easy, CURLINFO_PRIVATE, &transfer);
  if (transfer != nullptr) transfer->unwatched = error;
  return 0;
}

int Urls::set_deadline(CurlMulti, long milliseconds, void* self) {
  auto& urls = *static_cast<Urls*>(self);
  urls.deadline_.reset();
  if (milliseconds >= 0) urls.deadline_ = io::now() + std::chrono::milliseconds{milliseconds};
  return 0;
}

}  // namespace keepalive::probe
