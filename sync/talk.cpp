#include "sync/talk.hpp"

#include <utility>

namespace ipvs::sync {
namespace {

using base::ByteReader;
using base::ByteWriter;

void write(ByteWriter& out, const std::vector<Entry>& entries) {
  const auto datagrams = encode(entries, 0, 60'000);
  out.u32(static_cast<std::uint32_t>(datagrams.size()));
  for (const std::string& datagram : datagrams) out.text(datagram);
}

std::vector<Entry> read_entries(ByteReader& in) {
  std::vector<Entry> entries;
  for (std::uint32_t left = in.u32(); left > 0 && in.good(); --left) {
    const std::string text = in.text();
    auto datagram = in.good() ? decode(base::as_bytes(text)) : tl::unexpected{Fault::too_short};
    if (!datagram) {
      in.fail();
      break;
    }
    entries.insert(entries.end(), datagram->entries.begin(), datagram->entries.end());
  }
  return entries;
}

void write(ByteWriter& out, const std::vector<std::uint64_t>& numbers) {
  out.u32(static_cast<std::uint32_t>(numbers.size()));
  for (const std::uint64_t number : numbers) out.u64(number);
}

std::vector<std::uint64_t> read_numbers(ByteReader& in) {
  std::vector<std::uint64_t> numbers;
  for (std::uint32_t left = in.u32(); left > 0 && in.good(); --left) numbers.push_back(in.u64());
  return numbers;
}

void write(ByteWriter& out, const Daemon& daemon) {
  out.u8(static_cast<std::uint8_t>(daemon.role));
  out.text(daemon.interface);
  out.u8(daemon.sync_id.value);
  out.u16(daemon.max_length);
  out.text(daemon.group ? to_string(*daemon.group) : "");
  out.u16(daemon.port.value);
  out.u8(daemon.ttl);
}

Daemon read_daemon(ByteReader& in) {
  Daemon daemon;
  daemon.role = in.u8() == 2 ? DaemonRole::backup : DaemonRole::master;
  daemon.interface = in.text();
  daemon.sync_id = {in.u8()};
  daemon.max_length = in.u16();
  daemon.group = Address::parse(in.text());
  daemon.port = {in.u16()};
  daemon.ttl = in.u8();
  return daemon;
}

void write(ByteWriter& out, const Facts& facts) {
  out.text(facts.host);
  out.text(facts.interface);
  out.u32(facts.mtu);
  out.u8(facts.up ? 1 : 0);
  out.u32(static_cast<std::uint32_t>(facts.addresses.size()));
  for (const std::string& address : facts.addresses) out.text(address);
  out.u8(facts.daemons ? 1 : 0);
  const auto daemons = facts.daemons.value_or(std::vector<Daemon>{});
  out.u32(static_cast<std::uint32_t>(daemons.size()));
  for (const Daemon& daemon : daemons) write(out, daemon);
  out.u32(static_cast<std::uint32_t>(facts.sysctls.size()));
  for (const auto& [name, value] : facts.sysctls) {
    out.text(name);
    out.text(value);
  }
  out.u8(facts.relay ? 1 : 0);
  out.u64(facts.connections);
}

Facts read_facts(ByteReader& in) {
  Facts facts;
  facts.host = in.text();
  facts.interface = in.text();
  facts.mtu = in.u32();
  facts.up = in.u8() != 0;
  for (std::uint32_t left = in.u32(); left > 0 && in.good(); --left) facts.addresses.push_back(in.text());
  const bool asked = in.u8() != 0;
  std::vector<Daemon> daemons;
  for (std::uint32_t left = in.u32(); left > 0 && in.good(); --left) daemons.push_back(read_daemon(in));
  if (asked) facts.daemons = std::move(daemons);
  for (std::uint32_t left = in.u32(); left > 0 && in.good(); --left) {
    std::string name = in.text();
    facts.sysctls[std::move(name)] = in.text();
  }
  facts.relay = in.u8() != 0;
  facts.connections = in.u64();
  return facts;
}

// ---- A pair a message

void write(ByteWriter& out, const Hello& hello) {
  out.u16(hello.version);
  write(out, hello.facts);
}
void read(ByteReader& in, Hello& hello) {
  hello.version = in.u16();
  if (hello.version != talk_version) return static_cast<void>(in.bytes(in.left()));
  hello.facts = read_facts(in);
}

void write(ByteWriter& out, const AskParity& ask) {
  out.u32(static_cast<std::uint32_t>(ask.digest.size()));
  for (const Sum& sum : ask.digest) {
    out.u64(sum.hash);
    out.u32(sum.count);
  }
}
void read(ByteReader& in, AskParity& ask) {
  for (std::uint32_t left = in.u32(); left > 0 && in.good(); --left) {
    const std::uint64_t hash = in.u64();
    ask.digest.push_back({hash, in.u32()});
  }
}

void write(ByteWriter& out, const Parity& parity) {
  out.u64(parity.connections);
  out.u32(static_cast<std::uint32_t>(parity.differing.size()));
  for (const Bucket& bucket : parity.differing) {
    out.u32(bucket.number);
    write(out, bucket.hashes);
  }
}
void read(ByteReader& in, Parity& parity) {
  parity.connections = in.u64();
  for (std::uint32_t left = in.u32(); left > 0 && in.good(); --left) {
    const std::uint32_t number = in.u32();
    parity.differing.push_back({number, read_numbers(in)});
  }
}

void write(ByteWriter& out, const AskEntries& ask) { write(out, ask.hashes); }
void read(ByteReader& in, AskEntries& ask) { ask.hashes = read_numbers(in); }

void write(ByteWriter& out, const Entries& entries) { write(out, entries.entries); }
void read(ByteReader& in, Entries& entries) { entries.entries = read_entries(in); }

void write(ByteWriter&, const AskResync&) {}
void read(ByteReader&, AskResync&) {}

void write(ByteWriter& out, const Batch& batch) { write(out, batch.entries); }
void read(ByteReader& in, Batch& batch) { batch.entries = read_entries(in); }

void write(ByteWriter& out, const ResyncEnd& end) {
  out.u64(end.connections);
  out.text(end.refusal);
}
void read(ByteReader& in, ResyncEnd& end) {
  end.connections = in.u64();
  end.refusal = in.text();
}

void write(ByteWriter& out, const AskProbe& ask) { out.u64(ask.token); }
void read(ByteReader& in, AskProbe& ask) { ask.token = in.u64(); }

void write(ByteWriter& out, const Probed& probed) { out.u8(probed.heard ? 1 : 0); }
void read(ByteReader& in, Probed& probed) { probed.heard = in.u8() != 0; }

template <std::size_t index = 0>
std::optional<Talk> read_talk(std::size_t type, ByteReader& in) {
  if constexpr (index < std::variant_size_v<Talk>) {
    if (type != index) return read_talk<index + 1>(type, in);
    std::variant_alternative_t<index, Talk> message;
    read(in, message);
    return in.done() ? std::optional<Talk>{std::move(message)} : std::nullopt;
  } else {
    return std::nullopt;
  }
}

}  // namespace

std::string objection(const Hello& hello) {
  if (hello.version == talk_version) return {};
  return "speaks version " + std::to_string(hello.version) + ", this one " + std::to_string(talk_version) +
         ": upgrade the older";
}

std::string encode(const Talk& message) {
  ByteWriter body;
  body.u8(static_cast<std::uint8_t>(message.index()));
  std::visit([&](const auto& value) { write(body, value); }, message);
  const std::string text = std::move(body).take();
  ByteWriter frame;
  frame.text(text);
  return std::move(frame).take();
}

std::optional<Talk> decode_talk(base::Bytes body) {
  ByteReader in{body};
  const std::size_t type = in.u8();
  return read_talk(type, in);
}

}  // namespace ipvs::sync
