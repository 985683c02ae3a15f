#include "probe/dns_message.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>

#include "ipvs++/address.hpp"

namespace keepalive::probe::dns {
namespace {

using base::ByteReader;
using base::Bytes;

constexpr std::uint16_t internet = 1;
constexpr std::uint16_t recursion_desired = 0x0100;
constexpr std::size_t longest_label = 63;
constexpr std::size_t longest_name = 255;

struct Type {
  std::string_view name;
  std::uint16_t number;
};
constexpr auto types = std::to_array<Type>(
    {{"A", 1}, {"NS", 2}, {"CNAME", 5}, {"SOA", 6}, {"PTR", 12}, {"MX", 15}, {"TXT", 16}, {"AAAA", 28}, {"SRV", 33}});
constexpr auto codes = std::to_array<std::string_view>(
    {"NOERROR", "FORMERR", "SERVFAIL", "NXDOMAIN", "NOTIMP", "REFUSED", "YXDOMAIN", "YXRRSET", "NXRRSET", "NOTAUTH"});

/// A name that starts at `at`; `after` is where what follows it starts. Nothing: not a name.
std::optional<std::string> read_name(Bytes message, std::size_t at, std::size_t& after) {
  std::string name;
  bool jumped = false;
  std::size_t lowest = at;  // pointers must lead before all that was read
  while (at < message.size()) {
    const std::size_t length = message[at];
    if (length == 0) {
      if (!jumped) after = at + 1;
      return name.empty() ? "." : name;
    }
    if (length >= 0xc0) {
      if (at + 1 >= message.size()) return std::nullopt;
      const std::size_t target = (length & 0x3fU) << 8U | message[at + 1];
      if (target >= lowest) return std::nullopt;
      if (!jumped) after = at + 2;
      jumped = true;
      lowest = at = target;
      continue;
    }
    if (length > longest_label || at + 1 + length > message.size()) return std::nullopt;
    if (name.size() + length + 1 > longest_name) return std::nullopt;
    const Bytes label = message.subspan(at + 1, length);
    name.append(label.begin(), label.end());
    name += '.';
    at += 1 + length;
  }
  return std::nullopt;
}

/// A name within the message, at the reader's place; `left`: what the reader has left.
std::optional<std::string> take_name(Bytes message, ByteReader& in) {
  const std::size_t at = message.size() - in.left();
  std::size_t after = 0;
  auto name = read_name(message, at, after);
  if (name) in.bytes(after - at);
  return name;
}

template <std::size_t size>
std::string print_address(Bytes bytes) {
  std::array<std::uint8_t, size> copy{};
  if (bytes.size() != size) return "";
  std::copy(bytes.begin(), bytes.end(), copy.begin());
  return to_string(ipvs::Address{copy});
}

/// The name `skip` bytes into the data.
template <std::size_t skip>
std::string print_name(Bytes message, std::size_t at) {
  std::size_t after = 0;
  return read_name(message, at + skip, after).value_or("");
}

std::string print_text(Bytes data) {
  std::string text;
  while (!data.empty()) {
    const std::size_t length = std::min<std::size_t>(data[0], data.size() - 1);
    const Bytes piece = data.subspan(1, length);
    text.append(piece.begin(), piece.end());
    data = data.subspan(1 + length);
  }
  return text;
}

std::string print_data(std::uint16_t type, Bytes message, std::size_t at, Bytes data) {
  const Bytes known = message.first(at + data.size());
  switch (type) {
    case 1:
      return print_address<4>(data);
    case 28:
      return print_address<16>(data);
    case 2:
    case 5:
    case 6:
    case 12:
      return print_name<0>(known, at);
    case 15:
      return print_name<2>(known, at);
    case 33:
      return print_name<6>(known, at);
    case 16:
      return print_text(data);
    default:
      return "";
  }
}

std::optional<Record> take_record(Bytes message, ByteReader& in) {
  if (!take_name(message, in)) return std::nullopt;
  const std::uint16_t type = in.u16();
  in.u16();  // class
  in.u32();  // time to live
  const std::uint16_t size = in.u16();
  const std::size_t at = message.size() - in.left();
  const Bytes data = in.bytes(size);
  if (!in.good()) return std::nullopt;
  return Record{.type = type, .data = print_data(type, message, at, data)};
}

}  // namespace

std::optional<std::uint16_t> type_number(std::string_view name) {
  for (const Type& type : types)
    if (same_name(type.name, name)) return type.number;
  return std::nullopt;
}

std::string code_name(std::uint8_t code) {
  return code < codes.size() ? std::string{codes[code]} : fmt::format("error {}", code);
}

std::optional<std::string> encode(std::uint16_t id, const Question& question) {
  base::ByteWriter out;
  for (const std::uint16_t word :
       {id, recursion_desired, std::uint16_t{1}, std::uint16_t{0}, std::uint16_t{0}, std::uint16_t{0}})
    out.u16(word);
  std::string_view rest = question.name;
  if (rest.ends_with('.')) rest.remove_suffix(1);
  if (rest.size() + 2 > longest_name) return std::nullopt;
  while (!rest.empty()) {
    const std::size_t dot = rest.find('.');
    const std::string_view label = rest.substr(0, dot);
    if (label.empty() || label.size() > longest_label || dot == rest.size() - 1) return std::nullopt;
    out.u8(static_cast<std::uint8_t>(label.size()));
    out.bytes(base::as_bytes(label));
    rest.remove_prefix(dot == rest.npos ? rest.size() : dot + 1);
  }
  out.u8(0);
  out.u16(question.type);
  out.u16(internet);
  return std::move(out).take();
}

std::optional<Answer> decode(base::Bytes message) {
  constexpr std::uint16_t response = 0x8000;
  constexpr std::uint16_t truncated = 0x0200;
  ByteReader in{message};
  Answer answer;
  answer.id = in.u16();
  const std::uint16_t flags = in.u16();
  const std::uint16_t questions = in.u16();
  const std::uint16_t records = in.u16();
  in.u32();  // authorities, additions
  if (!in.good() || (flags & response) == 0 || questions != 1) return std::nullopt;
  answer.code = flags & 0x0fU;
  answer.truncated = (flags & truncated) != 0;
  auto name = take_name(message, in);
  if (!name) return std::nullopt;
  answer.question.name = *std::move(name);
  answer.question.type = in.u16();
  if (in.u16() != internet || !in.good()) return std::nullopt;
  for (std::uint16_t i = 0; i < records; ++i) {
    auto record = take_record(message, in);
    if (!record && answer.truncated) break;
    if (!record) return std::nullopt;
    answer.records.push_back(*std::move(record));
  }
  return answer;
}

bool same_name(std::string_view one, std::string_view other) {
  if (one.ends_with('.')) one.remove_suffix(1);
  if (other.ends_with('.')) other.remove_suffix(1);
  const auto lower = [](unsigned char c) { return std::tolower(c); };
  return std::ranges::equal(one, other, {}, lower, lower);
}

}  // namespace keepalive::probe::dns
