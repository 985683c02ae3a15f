#include "sync/relay.hpp"

#include <algorithm>
#include <utility>

#include "base/bytes.hpp"

namespace ipvs::sync {
namespace {

using base::ByteReader;
using base::ByteWriter;

constexpr std::uint32_t magic = 0x49565231;  // IVR1
constexpr std::size_t head_size = 28;
constexpr std::size_t most_ranges = 64;
constexpr std::size_t most_past = 64;

constexpr Micros hello_interval{1'000'000};
constexpr Micros greeting_interval{200'000};  // while no peer is believed
constexpr Micros tail_interval{50'000};       // from a datagram to the hello that tells of it
constexpr Micros answer_interval{50'000};     // between hellos that are answers
constexpr Micros reordering{3'000};           // that a network does without losing anything
constexpr Micros least_retry{20'000};

std::string words(std::string_view purpose, std::uint64_t one, std::uint64_t other = 0) {
  ByteWriter out;
  out.bytes(base::as_bytes(purpose));
  out.u64(one);
  out.u64(other);
  return std::move(out).take();
}

std::uint64_t clock_of(Micros now) { return static_cast<std::uint64_t>(now.count()); }
std::int64_t difference(Micros now, std::uint64_t clock) { return now.count() - static_cast<std::int64_t>(clock); }

}  // namespace

std::string_view to_string(Drop drop) {
  constexpr std::array<std::string_view, drops> names{"too_short", "malformed", "key",    "forged",
                                                      "stranger",  "replayed",  "beyond", "echo"};
  return names.at(static_cast<std::size_t>(drop));
}

RelayEnd::RelayEnd(std::vector<std::string> secrets, std::uint64_t epoch, std::uint64_t challenge)
    : epoch_{epoch}, challenge_{challenge} {
  use(std::move(secrets));
}

void RelayEnd::use(std::vector<std::string> secrets) {
  secrets_.clear();
  for (std::string& text : secrets) secrets_.push_back({key_number(text), std::move(text)});
  for (Ciphers* ciphers : {&out_, &in_, &hello_out_})
    std::erase_if(*ciphers, [this](const auto& entry) { return secret(entry.first) == nullptr; });
}

// ---- Packets

std::string RelayEnd::text_of(const Head& head) {
  ByteWriter out;
  out.u32(magic);
  out.u8(static_cast<std::uint8_t>(head.kind));
  for (int i = 0; i < 3; ++i) out.u8(0);
  out.u32(head.key);
  out.u64(head.epoch);
  out.u64(head.sequence);
  return std::move(out).take();
}

std::optional<RelayEnd::Head> RelayEnd::read_head(std::string_view packet) {
  ByteReader in{base::as_bytes(packet)};
  const bool ours = in.u32() == magic;
  const std::uint8_t kind = in.u8();
  const base::Bytes spare = in.bytes(3);
  Head head{.kind = static_cast<Kind>(kind), .key = in.u32(), .epoch = in.u64(), .sequence = in.u64()};
  const bool zero = std::all_of(spare.begin(), spare.end(), [](std::uint8_t byte) { return byte == 0; });
  if (!in.good() || !ours || !zero || kind < 1 || kind > 3) return std::nullopt;
  return head;
}

std::string RelayEnd::text_of(const Hello& hello) {
  ByteWriter out;
  for (const std::uint64_t word : {hello.challenge, hello.echo, hello.next, hello.clock, hello.heard, hello.held})
    out.u64(word);
  return std::move(out).take();
}

std::optional<RelayEnd::Hello> RelayEnd::read_hello(std::string_view text) {
  ByteReader in{base::as_bytes(text)};
  const Hello hello{in.u64(), in.u64(), in.u64(), in.u64(), in.u64(), in.u64()};
  const bool sound = hello.challenge != 0 && hello.next != 0;
  return in.done() && sound ? std::optional{hello} : std::nullopt;
}

const std::string* RelayEnd::secret(std::uint32_t number) const {
  const auto found =
      std::find_if(secrets_.begin(), secrets_.end(), [&](const Secret& one) { return one.number == number; });
  return found != secrets_.end() ? &found->text : nullptr;
}

Cipher& RelayEnd::cipher(Ciphers& ciphers, std::uint32_t key, const std::string& purpose) {
  const auto found = ciphers.find(key);
  if (found != ciphers.end()) return found->second;
  return ciphers.emplace(key, Cipher{derive(*secret(key), purpose)}).first->second;
}

std::string RelayEnd::hello_packet(std::uint64_t echo, Micros now) {
  Hello hello{.challenge = challenge_, .echo = echo, .next = sequence_ + 1, .clock = clock_of(now)};
  if (their_clock_ != 0) {
    hello.heard = their_clock_;
    hello.held = clock_of(now - their_hello_);
  }
  const Head head{Kind::hello, secrets_.front().number, epoch_, ++hellos_};
  const std::string text = text_of(head);
  return text +
         cipher(hello_out_, head.key, words("ipvs-sync hello", epoch_)).seal(head.sequence, text, text_of(hello));
}

std::string RelayEnd::sealed(Kind kind, std::string_view content) {
  const Head head{kind, secrets_.front().number, epoch_, ++sequence_};
  const std::string text = text_of(head);
  const std::string purpose = words("ipvs-sync data", epoch_, peer_->challenge);
  sent_.push_back(text + cipher(out_, head.key, purpose).seal(head.sequence, text, content));
  if (sent_.size() > kept) sent_.pop_front();
  return sent_.back();
}

// ---- Out

RelayEnd::Output RelayEnd::send(std::string_view datagram, Micros now) {
  if (!peer_) {
    ++counts_.unsent;
    return {};
  }
  ByteWriter out;
  out.u64(clock_of(now));
  out.bytes(base::as_bytes(datagram));
  ++counts_.sent;
  next_hello_ = std::min(next_hello_, now + tail_interval);
  return {.packets = {sealed(Kind::data, std::move(out).take())}};
}

RelayEnd::Output RelayEnd::tick(Micros now) {
  Output output;
  if (now >= next_hello_) {
    output.packets.push_back(hello_packet(peer_ ? peer_->challenge : 0, now));
    next_hello_ = now + (peer_ ? hello_interval : greeting_interval);
  }
  deliver(now, output);
  return output;
}

Micros RelayEnd::due() const {
  if (!gap_since_) return next_hello_;
  return std::min({next_hello_, ask_at_, asks_ < least_asks ? Micros::max() : *gap_since_ + patience});
}

void RelayEnd::resend(std::string_view wanted, Output& output) {
  ByteReader in{base::as_bytes(wanted)};
  const std::uint64_t oldest = sequence_ - sent_.size() + 1;
  while (in.left() > 0) {
    const std::uint64_t first = in.u64();
    const std::uint64_t last = in.u64();
    if (!in.good()) return drop(Drop::malformed);
    for (std::uint64_t i = std::max(first, oldest); i <= std::min(last, sequence_); ++i) {
      output.packets.push_back(sent_[i - oldest]);
      ++counts_.resent;
    }
  }
}

// ---- In

RelayEnd::Output RelayEnd::hear(std::string_view packet, Micros now) {
  Output output;
  const auto head = read_head(packet);
  if (!head) {
    drop(packet.size() < head_size ? Drop::too_short : Drop::malformed);
    return output;
  }
  const std::string* const secret = this->secret(head->key);
  if (secret == nullptr) return drop(Drop::key), output;
  const std::string_view text = packet.substr(0, head_size);
  const bool hello = head->kind == Kind::hello;
  if (!hello && (!peer_ || peer_->epoch != head->epoch)) return drop(Drop::stranger), output;

  std::optional<std::string> content;
  if (hello) {
    Cipher opener{derive(*secret, words("ipvs-sync hello", head->epoch))};
    content = opener.open(head->sequence, text, packet.substr(head_size));
  } else {
    content = cipher(in_, head->key, words("ipvs-sync data", head->epoch, challenge_))
                  .open(head->sequence, text, packet.substr(head_size));
  }
  if (!content) return drop(Drop::forged), output;
  if (hello)
    hear_hello(*head, *content, now, output);
  else
    hear_sealed(*head, std::move(*content), now, output);
  return output;
}

void RelayEnd::hear_hello(const Head& head, const std::string& text, Micros now, Output& output) {
  const auto hello = read_hello(text);
  if (!hello || head.epoch == epoch_) return drop(Drop::malformed);
  const bool over = std::find(past_.begin(), past_.end(), head.epoch) != past_.end();
  if (over) return drop(Drop::replayed);
  if (hello->echo != challenge_) {
    drop(Drop::echo);
    if (now - answered_ < answer_interval) return;
    answered_ = now;
    output.packets.push_back(hello_packet(hello->challenge, now));
    return;
  }
  const bool met = peer_ && peer_->epoch == head.epoch && peer_->challenge == hello->challenge;
  if (!met) believe(head, *hello);
  if (head.sequence <= their_hellos_) return drop(Drop::replayed);
  their_hellos_ = head.sequence;
  heard_ = now;
  time(*hello, now);
  announced_ = std::max(announced_, hello->next);
  deliver(now, output);
  if (!met) output.packets.push_back(hello_packet(hello->challenge, now));
}

void RelayEnd::believe(const Head& head, const Hello& hello) {
  if (peer_ && peer_->epoch != head.epoch) past_.push_back(peer_->epoch);
  if (past_.size() > most_past) past_.pop_front();
  if (!peer_ || peer_->challenge != hello.challenge) {
    out_.clear();  // what was sealed for the one before is of no use to this one
    sent_.clear();
  }
  if (!peer_ || peer_->epoch != head.epoch) {
    in_.clear();
    waiting_.clear();
    gap_since_.reset();
    next_ = announced_ = hello.next;
    asked_ = next_ - 1;
    their_hellos_ = their_clock_ = 0;
    round_trip_ = Micros{0};
    offset_.reset();
  }
  peer_ = Peer{head.epoch, hello.challenge};
}

void RelayEnd::time(const Hello& hello, Micros now) {
  their_clock_ = hello.clock;
  their_hello_ = now;
  if (hello.heard == 0 || hello.heard > clock_of(now)) return;
  const std::int64_t there_and_back = difference(now, hello.heard) - static_cast<std::int64_t>(hello.held);
  if (there_and_back < 0) return;
  round_trip_ = Micros{there_and_back};
  offset_ = difference(now, hello.clock) - there_and_back / 2;
}

void RelayEnd::hear_sealed(const Head& head, std::string text, Micros now, Output& output) {
  if (head.sequence < next_ || waiting_.contains(head.sequence)) return drop(Drop::replayed);
  if (head.sequence >= next_ + kept) return drop(Drop::beyond);
  if (!waiting_.empty() && head.sequence < waiting_.rbegin()->first) ++counts_.reordered;
  Waiting packet;
  if (head.kind == Kind::again) {
    resend(text, output);
  } else {
    ByteReader in{base::as_bytes(text)};
    packet.clock = in.u64();
    if (!in.good() || packet.clock == 0) return drop(Drop::malformed);
    packet.datagram = text.substr(sizeof packet.clock);
  }
  heard_ = now;  // what was dropped could be a recording
  waiting_.emplace(head.sequence, std::move(packet));
  deliver(now, output);
}

void RelayEnd::deliver(const Waiting& packet, Micros now, Output& output) {
  if (packet.clock == 0) return;
  ++counts_.delivered;
  output.datagrams.push_back(packet.datagram);
  if (offset_) lag_ = Micros{std::max<std::int64_t>(0, difference(now, packet.clock) - *offset_)};
}

void RelayEnd::deliver(Micros now, Output& output) {
  const std::uint64_t before = next_;
  if (announced_ > next_ + kept || (gap_since_ && asks_ >= least_asks && now - *gap_since_ >= patience)) {
    const std::uint64_t on = waiting_.empty() ? announced_ : waiting_.begin()->first;
    counts_.lost += on - next_;
    next_ = on;
  }
  while (!waiting_.empty() && waiting_.begin()->first == next_) {
    deliver(waiting_.begin()->second, now, output);
    waiting_.erase(waiting_.begin());
    ++next_;
  }
  const bool gap = !waiting_.empty() || announced_ > next_;
  if (!gap) return gap_since_.reset();
  if (!gap_since_ || next_ != before) {
    gap_since_ = now;
    asks_ = 0;
    ask_at_ = std::min(ask_at_, now + reordering);
    if (ask_at_ < now) ask_at_ = now + reordering;
  }
  if (now >= ask_at_) ask_again(now, output);
}

void RelayEnd::ask_again(Micros now, Output& output) {
  ask_at_ = now + std::max(least_retry, round_trip_ * 3 / 2);
  ++asks_;
  const std::uint64_t top = std::max(announced_, waiting_.empty() ? 0 : waiting_.rbegin()->first);
  ByteWriter out;
  std::size_t ranges = 0;
  std::uint64_t first = next_;
  const auto want = [&](std::uint64_t last) {
    if (first > last || ranges++ == most_ranges) return;
    out.u64(first);
    out.u64(last);
    if (last > asked_) counts_.missed += last - std::max(first - 1, asked_);
  };
  for (const auto& [sequence, packet] : waiting_) {
    want(sequence - 1);
    first = sequence + 1;
    if (ranges >= most_ranges) break;
  }
  if (first < top) want(top - 1);
  asked_ = std::max(asked_, top - 1);
  output.packets.push_back(sealed(Kind::again, std::move(out).take()));
}

}  // namespace ipvs::sync
