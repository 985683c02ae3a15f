#include "sync/message.hpp"

#include <algorithm>
#include <cstring>
#include <ostream>
#include <tuple>

namespace ipvs::sync {
namespace {

using base::ByteReader;
using base::Bytes;
using base::ByteWriter;

constexpr std::size_t header_size = 8;
constexpr std::uint8_t type_ipv6 = 1;
constexpr unsigned version_shift = 12;
constexpr std::uint16_t size_mask = 0x0fff;

enum Option : std::uint8_t { sequence_data = 1, engine_data = 2, engine_name = 3 };
constexpr std::uint8_t option_flag = 0x40;  // a receiver that does not know it may skip it

constexpr std::size_t entry_size(Family family) { return family == Family::ipv4 ? 36 : 72; }
constexpr std::size_t padded(std::size_t size) { return (size + 3) & ~std::size_t{3}; }

template <std::size_t size>
Address read(ByteReader& in) {
  std::array<std::uint8_t, size> bytes{};
  const Bytes raw = in.bytes(size);
  if (in.good()) std::copy(raw.begin(), raw.end(), bytes.begin());
  return Address{bytes};
}

Address read_address(ByteReader& in, Family family) { return family == Family::ipv4 ? read<4>(in) : read<16>(in); }

void read_ports(ByteReader& in, Entry& entry) {
  for (Endpoint* end : {&entry.client, &entry.virtual_endpoint, &entry.destination}) end->port = {in.u16()};
}

void read_addresses(ByteReader& in, Family family, Entry& entry) {
  for (Endpoint* end : {&entry.client, &entry.virtual_endpoint, &entry.destination})
    end->address = read_address(in, family);
}

std::array<Shift, 2> read_shifts(ByteReader& in) {
  std::array<Shift, 2> shifts{};
  for (Shift& shift : shifts) {
    shift.initial = in.u32();
    shift.delta = in.u32();
    shift.previous_delta = in.u32();
  }
  return shifts;
}

/// Version 0 has them as they lie in the sender's memory, and the kernel takes them as its own: captured from Linux 6.1.
std::array<Shift, 2> read_raw_shifts(ByteReader& in) {
  std::array<std::uint32_t, 6> words{};
  const Bytes raw = in.bytes(sizeof words);
  if (in.good()) std::memcpy(words.data(), raw.data(), sizeof words);
  return {Shift{words[0], words[1], words[2]}, Shift{words[3], words[4], words[5]}};
}

std::string text_of(Bytes bytes) { return {bytes.begin(), bytes.end()}; }

/// The options behind an entry: type, length, value. False when one is not understood.
bool read_options(ByteReader in, Entry& entry) {
  Extras extras;
  while (in.left() > 0) {
    const std::uint8_t type = in.u8();
    const std::uint8_t size = in.u8();
    ByteReader value{in.bytes(size)};
    if (!in.good()) return false;
    switch (type & ~option_flag) {
      case sequence_data:
        extras.shifts = read_shifts(value);
        if (!value.done()) return false;
        break;
      case engine_data:
        extras.engine_data = text_of(value.bytes(size));
        break;
      case engine_name:
        extras.engine = text_of(value.bytes(size));
        break;
      default:
        if ((type & option_flag) == 0) return false;
    }
  }
  if (extras != Extras{}) entry.extras = std::make_shared<const Extras>(std::move(extras));
  return true;
}

std::optional<Fault> read_entry_1(ByteReader& in, Entry& entry) {
  const std::uint8_t type = in.u8();
  entry.protocol = in.u8();
  const std::uint16_t version_size = in.u16();
  if (!in.good()) return Fault::truncated;
  if (version_size >> version_shift != 0 || type > type_ipv6) return Fault::entry;
  const Family family = (type & type_ipv6) != 0 ? Family::ipv6 : Family::ipv4;
  const std::size_t size = version_size & size_mask;
  if (size < entry_size(family)) return Fault::entry;

  ByteReader body{in.bytes(size - 4)};
  if (!in.good()) return Fault::truncated;
  entry.flags = body.u32();
  entry.state = body.u16();
  read_ports(body, entry);
  entry.fwmark = body.u32();
  entry.timeout = body.u32();
  read_addresses(body, family, entry);
  if (!read_options(body, entry)) return Fault::option;
  in.bytes(std::min(in.left(), padded(size) - size));
  return std::nullopt;
}

std::optional<Fault> read_entry_0(ByteReader& in, Entry& entry) {
  in.u8();
  entry.protocol = in.u8();
  read_ports(in, entry);
  read_addresses(in, Family::ipv4, entry);
  entry.flags = in.u16();
  entry.state = in.u16();
  if ((entry.flags & flag::sequences) != 0)
    entry.extras = std::make_shared<const Extras>(Extras{.shifts = read_raw_shifts(in)});
  return in.good() ? std::nullopt : std::optional{Fault::truncated};
}

void write_option(ByteWriter& out, Option type, std::string_view value) {
  out.u8(type);
  out.u8(static_cast<std::uint8_t>(value.size()));
  out.bytes(base::as_bytes(value));
}

std::string shifts_text(const std::array<Shift, 2>& shifts) {
  ByteWriter out;
  for (const Shift& shift : shifts) {
    out.u32(shift.initial);
    out.u32(shift.delta);
    out.u32(shift.previous_delta);
  }
  return std::move(out).take();
}

std::string options_text(const Entry& entry) {
  if (!entry.extras) return {};
  ByteWriter out;
  if (entry.extras->shifts) write_option(out, sequence_data, shifts_text(*entry.extras->shifts));
  if (!entry.extras->engine_data.empty()) write_option(out, engine_data, entry.extras->engine_data);
  if (!entry.extras->engine.empty()) write_option(out, engine_name, entry.extras->engine);
  return std::move(out).take();
}

std::string text_of(const Entry& entry) {
  const Family family = entry.client.address.family();
  const std::string options = options_text(entry);
  const std::size_t size = entry_size(family) + options.size();
  ByteWriter out;
  out.u8(family == Family::ipv6 ? type_ipv6 : 0);
  out.u8(entry.protocol);
  out.u16(static_cast<std::uint16_t>(size));
  out.u32(entry.flags);
  out.u16(entry.state);
  const std::array ends{&entry.client, &entry.virtual_endpoint, &entry.destination};
  for (const Endpoint* end : ends) out.u16(end->port.value);
  out.u32(entry.fwmark);
  out.u32(entry.timeout);
  for (const Endpoint* end : ends) out.bytes(end->address.bytes());
  out.bytes(base::as_bytes(options));
  return std::move(out).take();
}

std::string datagram_text(std::uint8_t id, std::size_t entries, const std::string& body) {
  ByteWriter out;
  out.u8(0);
  out.u8(id);
  out.u16(static_cast<std::uint16_t>(header_size + body.size()));
  out.u8(static_cast<std::uint8_t>(entries));
  out.u8(1);
  out.u16(0);
  out.bytes(base::as_bytes(body));
  return std::move(out).take();
}

}  // namespace

bool operator==(const Entry& one, const Entry& other) {
  const auto extras = [](const Entry& entry) { return entry.extras ? *entry.extras : Extras{}; };
  const auto all = [](const Entry& e) {
    return std::tie(e.protocol, e.state, e.client, e.virtual_endpoint, e.destination, e.flags, e.fwmark, e.timeout);
  };
  return all(one) == all(other) && extras(one) == extras(other);
}

std::ostream& operator<<(std::ostream& out, const Entry& entry) {
  return out << +entry.protocol << ' ' << entry.client << " -> " << entry.virtual_endpoint << " -> "
             << entry.destination << " state " << entry.state << " flags " << entry.flags << " mark " << entry.fwmark
             << " timeout " << entry.timeout << (entry.extras ? " +" : "");
}

std::string_view to_string(Fault fault) {
  constexpr std::array<std::string_view, faults> words{"too_short", "version", "size",   "truncated",
                                                       "entry",     "option",  "surplus"};
  return words.at(static_cast<std::size_t>(fault));
}

tl::expected<Datagram, Fault> decode(Bytes bytes) {
  ByteReader in{bytes};
  Datagram datagram;
  std::size_t count = in.u8();
  datagram.id = in.u8();
  const std::size_t size = in.u16();
  datagram.version = count == 0 ? 1 : 0;
  if (datagram.version == 1) {
    count = in.u8();
    const bool known = in.u8() == 1 && in.u16() == 0;
    if (in.good() && !known) return tl::unexpected{Fault::version};
  }
  if (!in.good()) return tl::unexpected{Fault::too_short};
  if (size != bytes.size()) return tl::unexpected{Fault::size};
  while (datagram.entries.size() < count) {
    Entry& entry = datagram.entries.emplace_back();
    const auto fault = datagram.version == 1 ? read_entry_1(in, entry) : read_entry_0(in, entry);
    if (fault) return tl::unexpected{*fault};
  }
  if (!in.done()) return tl::unexpected{Fault::surplus};
  return datagram;
}

std::vector<std::string> encode(const std::vector<Entry>& entries, std::uint8_t id, std::size_t max_length) {
  std::vector<std::string> datagrams;
  std::string body;
  std::size_t count = 0;
  const auto close = [&] {
    if (count > 0) datagrams.push_back(datagram_text(id, count, body));
    body.clear();
    count = 0;
  };
  for (const Entry& entry : entries) {
    const std::string text = text_of(entry);
    if (count == most_entries || header_size + padded(body.size()) + text.size() > max_length) close();
    body.resize(padded(body.size()));  // between entries; none after the last, as the kernel does
    body += text;
    ++count;
  }
  close();
  return datagrams;
}

}  // namespace ipvs::sync
