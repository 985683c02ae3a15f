#include "core/vrrp/line.hpp"

#include <algorithm>
#include <utility>

namespace keepalive::core::vrrp {
namespace {

constexpr std::uint32_t words_missed = 3;
constexpr std::size_t most_past = 1024;
constexpr Time shortest_gap{std::chrono::milliseconds{1}};

}  // namespace

std::vector<Beat> Line::hear(std::string_view bytes, std::uint64_t node, Time now) {
  Deframer::Found found;
  if (setting_.kind == Heartbeat::Kind::tty)
    found = deframer_.take(bytes);
  else
    found.datagrams.emplace_back(bytes);
  counts_.refused[static_cast<std::size_t>(Refusal::framing)] += found.overlong;
  std::vector<Beat> believed;
  for (const std::string& datagram : found.datagrams)
    if (auto beat = take(datagram, node, now)) believed.push_back(std::move(*beat));
  return believed;
}

std::optional<Beat> Line::take(const std::string& datagram, std::uint64_t node, Time now) {
  auto result = decode(base::as_bytes(datagram), setting_.key);
  const auto refuse = [this](Refusal why) {
    ++counts_.refused[static_cast<std::size_t>(why)];
    return std::nullopt;
  };
  if (const auto* why = std::get_if<Refusal>(&result)) return refuse(*why);
  Beat& beat = std::get<Beat>(result);
  if (const auto why = objection(beat, node)) {
    if (why == Refusal::echo && beat.epoch != peer_) candidate_ = beat.epoch;
    return refuse(*why);
  }
  meet(beat.epoch);
  ++counts_.heard;
  if (!std::exchange(up_, true)) since_ = now;
  heard_ = now;
  patience_ = words_missed * beat.interval;
  last_ = beat;
  return std::move(beat);
}

std::optional<Refusal> Line::objection(const Beat& beat, std::uint64_t node) const {
  if (beat.node == node || beat.epoch == epoch_) return Refusal::own;
  if (std::find(past_.begin(), past_.end(), beat.epoch) != past_.end()) return Refusal::replayed;
  if (beat.echo != epoch_) return Refusal::echo;
  if (beat.epoch == peer_ && last_ && beat.sequence <= last_->sequence) return Refusal::replayed;
  return std::nullopt;
}

void Line::meet(std::uint64_t epoch) {
  if (candidate_ == epoch) candidate_ = 0;
  if (peer_ == epoch) return;
  if (peer_ != 0) past_.push_back(peer_);
  if (past_.size() > most_past) past_.pop_front();
  peer_ = epoch;
}

Time Line::time_on_wire(std::size_t bytes) const {
  if (setting_.kind == Heartbeat::Kind::udp) return shortest_gap;
  constexpr std::int64_t bits_a_byte = 10;  // with its start and stop
  constexpr std::int64_t second = Time{std::chrono::seconds{1}}.count();
  return Time{static_cast<std::int64_t>(bytes) * bits_a_byte * second / setting_.speed};
}

std::vector<std::string> Line::speak(Beat beat, Time interval, Time now) {
  constexpr int share = 3;  // of the wire's time; the rest is for what cannot wait
  beat.epoch = epoch_;
  const auto sealed = [&](std::uint64_t echo) {
    beat.echo = echo;
    const std::string datagram = encode(beat, setting_.key);
    return setting_.kind == Heartbeat::Kind::tty ? framed(datagram) : datagram;
  };
  beat.interval = interval;
  const Time slow = std::max(interval, share * time_on_wire(sealed(peer_).size()));
  beat.interval = std::chrono::ceil<std::chrono::milliseconds>(slow);
  std::vector<std::string> list;
  if (candidate_ == 0 || up_) {
    list.push_back(sealed(peer_));
    ++beat.sequence;
  }
  if (candidate_ != 0) list.push_back(sealed(std::exchange(candidate_, 0)));
  free_ = now;
  for (const std::string& one : list) free_ += time_on_wire(one.size());
  due_ = std::max(now + beat.interval, free_);
  counts_.sent += list.size();
  return list;
}

bool Line::falls_silent(Time now) {
  if (!up_ || now < silent_at()) return false;
  up_ = false;
  since_ = now;
  return true;
}

}  // namespace keepalive::core::vrrp
