#include "sync/io/injector.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <sstream>
#include <utility>

#include "base/text.hpp"

namespace ipvs::sync {
namespace {

// A socket takes 208 kB by default, of which a datagram of 1,472 bytes costs 2,304.
constexpr std::uint64_t room = 150'000;
constexpr std::uint64_t cost = 2'304;
constexpr std::uint64_t dearest = 20'000;  // a look is due when there is less credit
constexpr std::chrono::milliseconds longest_unseen{500};
constexpr std::size_t most_queued = 100'000;

std::string hex(std::uint32_t word) {
  std::array<char, 9> text{};
  std::snprintf(text.data(), text.size(), "%08X", word);
  return text.data();
}

/// As the kernel prints it: words in the machine's order.
std::string table_form(const Address& address, Port port) {
  std::string text;
  const auto bytes = address.bytes();
  for (std::size_t i = 0; i < bytes.size(); i += 4) {
    std::uint32_t word = 0;
    std::memcpy(&word, &bytes[i], sizeof word);
    text += hex(word);
  }
  return text + ":" + hex(port.value).substr(4);
}

}  // namespace

std::optional<KernelQueue> read_queue(std::string_view table, const Address& group, Port port) {
  const std::string wanted = table_form(group, port);
  std::istringstream lines{std::string{table}};
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words{line};
    std::string slot, local, remote, state, queues, timer, retransmits, user, timeout, inode, references, pointer;
    KernelQueue queue;
    words >> slot >> local >> remote >> state >> queues >> timer >> retransmits >> user >> timeout >> inode >>
        references >> pointer >> queue.dropped;
    const std::size_t colon = queues.find(':');
    if (local != wanted || colon == std::string::npos) continue;
    queue.waiting = base::read_number<std::uint64_t>(std::string_view{queues}.substr(colon + 1), 16).value_or(0);
    return queue;
  }
  return std::nullopt;
}

tl::expected<Injector, std::string> Injector::open(const Line& line) {
  auto socket = GroupSocket::open(line, Loop::yes, 0);
  if (!socket) return tl::unexpected{socket.error()};
  return Injector{std::move(*socket), line};
}

void Injector::look() {
  std::ifstream file{line_.group.family() == Family::ipv4 ? "/proc/net/udp" : "/proc/net/udp6"};
  std::ostringstream text;
  text << file.rdbuf();
  const auto queue = read_queue(text.str(), line_.group, line_.port);
  looked_ = std::chrono::steady_clock::now();
  listening_ = queue.has_value();
  queued_there_ = queue ? queue->waiting : 0;
  credit_ = queue && queue->waiting < room ? room - queue->waiting : 0;
  if (queue) dropped_ = queue->dropped;
}

bool Injector::work() {
  for (; queue_.size() > most_queued; ++overdue_) queue_.pop_front();  // nobody listens, and the oldest is worth least
  const auto now = std::chrono::steady_clock::now();
  const bool settled = now - sent_ >= pause;  // what was just sent may be on its way to the socket still
  if (settled && (credit_ < dearest || now - looked_ > longest_unseen)) look();
  while (!queue_.empty()) {
    const std::uint64_t size = std::max<std::uint64_t>(cost, queue_.front().size() * 2);
    if (credit_ < size || !socket_.send(queue_.front())) return true;
    sent_ = now;
    credit_ -= size;
    ++given_;
    queue_.pop_front();
  }
  return false;
}

}  // namespace ipvs::sync
