#include "probe/dns_message.hpp"

#include <arpa/nameser.h>
#include <fmt/format.h>
#include <resolv.h>

#include <algorithm>
#include <array>

#include "ipvs++/address.hpp"
#include "probe/words.hpp"

namespace keepalive::probe::dns {
namespace {

using base::Bytes;

constexpr std::uint16_t recursion_desired = 0x0100;

struct Type {
  std::string_view name;
  std::uint16_t number;
};
constexpr auto types = std::to_array<Type>({{"A", ns_t_a},
                                            {"NS", ns_t_ns},
                                            {"CNAME", ns_t_cname},
                                            {"SOA", ns_t_soa},
                                            {"PTR", ns_t_ptr},
                                            {"MX", ns_t_mx},
                                            {"TXT", ns_t_txt},
                                            {"AAAA", ns_t_aaaa},
                                            {"SRV", ns_t_srv}});
constexpr auto codes = std::to_array<std::string_view>(
    {"NOERROR", "FORMERR", "SERVFAIL", "NXDOMAIN", "NOTIMP", "REFUSED", "YXDOMAIN", "YXRRSET", "NXRRSET", "NOTAUTH"});

std::uint16_t type_of(const ns_rr& record) { return static_cast<std::uint16_t>(ns_rr_type(record)); }

template <std::size_t size>
std::string print_address(Bytes bytes) {
  std::array<std::uint8_t, size> copy{};
  if (bytes.size() != size) return "";
  std::copy(bytes.begin(), bytes.end(), copy.begin());
  return to_string(ipvs::Address{copy});
}

/// The name `skip` bytes into a record's data.
std::string print_name(const ns_msg& message, const ns_rr& record, std::size_t skip) {
  std::array<char, NS_MAXDNAME> name{};
  if (ns_rr_rdlen(record) <= skip) return "";
  const int size = ns_name_uncompress(ns_msg_base(message), ns_msg_end(message), ns_rr_rdata(record) + skip,
                                      name.data(), name.size());
  return size < 0 ? "" : name.data();
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

std::string print_data(const ns_msg& message, const ns_rr& record) {
  const Bytes data{ns_rr_rdata(record), static_cast<std::size_t>(ns_rr_rdlen(record))};
  switch (ns_rr_type(record)) {
    case ns_t_a:
      return print_address<NS_INADDRSZ>(data);
    case ns_t_aaaa:
      return print_address<NS_IN6ADDRSZ>(data);
    case ns_t_ns:
    case ns_t_cname:
    case ns_t_soa:
    case ns_t_ptr:
      return print_name(message, record, 0);
    case ns_t_mx:
      return print_name(message, record, 2);
    case ns_t_srv:
      return print_name(message, record, 6);
    case ns_t_txt:
      return print_text(data);
    default:
      return "";
  }
}

/// Of a truncated message, which may end anywhere: its header and question.
std::optional<std::string> without_records(Bytes message) {
  constexpr std::size_t counts_of_records = 6;
  constexpr std::size_t type_and_class = 4;
  if (message.size() <= NS_HFIXEDSZ) return std::nullopt;
  const std::uint8_t* at = message.data() + NS_HFIXEDSZ;
  const std::uint8_t* const end = message.data() + message.size();
  if (ns_name_skip(&at, end) != 0 || end - at < static_cast<std::ptrdiff_t>(type_and_class)) return std::nullopt;
  std::string part{message.data(), at + type_and_class};
  std::fill(part.begin() + counts_of_records, part.begin() + NS_HFIXEDSZ, '\0');
  return part;
}

bool says_truncated(Bytes message) {
  constexpr std::uint8_t truncated = 0x02;
  return message.size() > 2 && (message[2] & truncated) != 0;
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
  std::array<std::uint8_t, NS_MAXCDNAME> name{};
  if (ns_name_pton(question.name.c_str(), name.data(), name.size()) < 0) return std::nullopt;
  const std::uint8_t* end = name.data();
  if (ns_name_skip(&end, name.data() + name.size()) != 0) return std::nullopt;
  base::ByteWriter out;
  for (const std::uint16_t word :
       {id, recursion_desired, std::uint16_t{1}, std::uint16_t{0}, std::uint16_t{0}, std::uint16_t{0}})
    out.u16(word);
  out.bytes({name.data(), end});
  out.u16(question.type);
  out.u16(ns_c_in);
  return std::move(out).take();
}

std::optional<Answer> decode(base::Bytes message) {
  ns_msg parsed{};
  if (ns_initparse(message.data(), static_cast<int>(message.size()), &parsed) != 0) {
    const auto part = says_truncated(message) ? without_records(message) : std::nullopt;
    return part && !std::ranges::equal(base::as_bytes(*part), message) ? decode(base::as_bytes(*part)) : std::nullopt;
  }
  ns_rr record{};
  if (ns_msg_getflag(parsed, ns_f_qr) == 0 || ns_msg_count(parsed, ns_s_qd) != 1) return std::nullopt;
  if (ns_parserr(&parsed, ns_s_qd, 0, &record) != 0 || ns_rr_class(record) != ns_c_in) return std::nullopt;
  Answer answer{.id = static_cast<std::uint16_t>(ns_msg_id(parsed)),
                .code = static_cast<std::uint8_t>(ns_msg_getflag(parsed, ns_f_rcode)),
                .truncated = ns_msg_getflag(parsed, ns_f_tc) != 0,
                .question = {.name = ns_rr_name(record), .type = type_of(record)}};
  for (int i = 0; i < ns_msg_count(parsed, ns_s_an); ++i) {
    if (ns_parserr(&parsed, ns_s_an, i, &record) != 0) return std::nullopt;
    answer.records.push_back({.type = type_of(record), .data = print_data(parsed, record)});
  }
  return answer;
}

bool same_name(std::string_view one, std::string_view other) {
  if (one.ends_with('.')) one.remove_suffix(1);
  if (other.ends_with('.')) other.remove_suffix(1);
  return same_word(one, other);
}

}  // namespace keepalive::probe::dns
