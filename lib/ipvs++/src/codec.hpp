// Netlink messages and attributes to and from the structs of wire.hpp. Decoding reads foreign bytes: every length
// is checked here, once, and nowhere else. Encoding writes into a buffer that is reused, without allocation.
#pragma once

#include <linux/genetlink.h>
#include <linux/netlink.h>

#include <algorithm>
#include <bit>
#include <cassert>
#include <cerrno>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <span>
#include <tuple>
#include <type_traits>
#include <vector>

#include "wire.hpp"

namespace ipvs::codec {

using Bytes = std::span<const std::uint8_t>;

template <class T>
concept AttributeSet = !std::is_same_v<decltype(wire::fields<T>), const std::nullptr_t>;

/// What the wire holds as memory does: numbers in host order, arrays of bytes.
template <class T>
concept Plain = std::is_trivially_copyable_v<T> && !AttributeSet<T>;

constexpr std::size_t align(std::size_t length) { return (length + 3) & ~std::size_t{3}; }

constexpr std::uint16_t network_order(std::uint16_t value) {
  if constexpr (std::endian::native == std::endian::big) return value;
  return static_cast<std::uint16_t>(value << 8U | value >> 8U);
}

/// Messages one behind the other, ready to be sent in one piece.
class Writer {
 public:
  void clear() { size_ = 0; }
  Bytes bytes() const { return Bytes{storage_}.first(size_); }

  /// Appends a message; `attributes` writes what follows its headers.
  template <std::invocable Attributes>
  void message(std::uint16_t family, std::uint16_t flags, std::uint32_t sequence, const genlmsghdr& command,
               Attributes attributes) {
    if (storage_.size() < size_ + max_message) storage_.resize(2 * storage_.size() + max_message);
    const std::size_t start = size_;
    nlmsghdr header{0, family, static_cast<std::uint16_t>(flags | NLM_F_REQUEST), sequence, 0};
    size_ += sizeof header;
    append(&command, sizeof command);
    attributes();
    header.nlmsg_len = static_cast<std::uint32_t>(size_ - start);
    std::memcpy(storage_.data() + start, &header, sizeof header);
  }

  void attribute(std::uint16_t number, const void* data, std::size_t length) {
    const nlattr header{static_cast<std::uint16_t>(sizeof(nlattr) + length), number};
    append(&header, sizeof header);
    append(data, length);
  }

  template <std::invocable Attributes>
  void nested(std::uint16_t number, Attributes attributes) {
    const std::size_t start = size_;
    size_ += sizeof(nlattr);
    attributes();
    const nlattr header{static_cast<std::uint16_t>(size_ - start), static_cast<std::uint16_t>(number | NLA_F_NESTED)};
    std::memcpy(storage_.data() + start, &header, sizeof header);
  }

 private:
  static constexpr std::size_t max_message = 1024;  // ours are below 300 bytes

  void append(const void* data, std::size_t length) {
    assert(size_ + align(length) <= storage_.size());
    constexpr std::uint8_t padding[3] = {};
    std::memcpy(storage_.data() + size_, data, length);
    std::memcpy(storage_.data() + size_ + length, padding, align(length) - length);
    size_ += align(length);
  }

  std::vector<std::uint8_t> storage_ = {};
  std::size_t size_ = 0;
};

template <AttributeSet T>
void encode(Writer& writer, const T& set);

inline void put(Writer& writer, std::uint16_t number, wire::Big16 big) {
  const std::uint16_t value = network_order(big.value);
  writer.attribute(number, &value, sizeof value);
}
inline void put(Writer& writer, std::uint16_t number, const wire::Name& name) {
  writer.attribute(number, name.text.data(), name.size + std::size_t{1});
}
template <Plain T>
void put(Writer& writer, std::uint16_t number, const T& value) {
  writer.attribute(number, &value, sizeof value);
}
template <AttributeSet T>
void put(Writer& writer, std::uint16_t number, const T& set) {
  writer.nested(number, [&] { encode(writer, set); });
}

/// Writes the members that are present, in the order of the table.
template <AttributeSet T>
void encode(Writer& writer, const T& set) {
  const auto put_field = [&](const auto& field) {
    if (const auto& value = set.*field.member) put(writer, field.number, *value);
  };
  std::apply([&](const auto&... field) { (put_field(field), ...); }, wire::fields<T>);
}

/// Calls `visit(number, payload) -> bool` for each attribute. False: malformed, or `visit` said so.
template <class Visit>
bool each_attribute(Bytes bytes, Visit visit) {
  while (!bytes.empty()) {
    nlattr header;
    if (bytes.size() < sizeof header) return false;
    std::memcpy(&header, bytes.data(), sizeof header);
    if (header.nla_len < sizeof header || header.nla_len > bytes.size()) return false;
    const auto number = static_cast<std::uint16_t>(header.nla_type & NLA_TYPE_MASK);
    if (!visit(number, bytes.subspan(sizeof header, header.nla_len - sizeof header))) return false;
    bytes = bytes.subspan(std::min(align(header.nla_len), bytes.size()));
  }
  return true;
}

template <AttributeSet T>
[[nodiscard]] bool decode(Bytes bytes, T& set);

template <Plain T>
[[nodiscard]] bool get(Bytes payload, T& value) {
  if (payload.size() != sizeof value) return false;
  std::memcpy(&value, payload.data(), sizeof value);
  return true;
}
[[nodiscard]] inline bool get(Bytes payload, wire::Big16& big) {
  if (!get(payload, big.value)) return false;
  big.value = network_order(big.value);
  return true;
}
/// A counter, 32 or 64 bits wide.
[[nodiscard]] inline bool get(Bytes payload, std::uint64_t& counter) {
  std::uint32_t narrow = 0;
  if (!get(payload, narrow)) return get<std::uint64_t>(payload, counter);
  counter = narrow;
  return true;
}
[[nodiscard]] inline bool get(Bytes payload, wire::Name& name) {
  if (payload.size() > name.text.size()) return false;
  const auto end = std::find(payload.begin(), payload.end(), 0);
  name = {};
  name.size = static_cast<std::uint8_t>(end - payload.begin());
  if (name.size > wire::Name::capacity) return false;
  std::copy(payload.begin(), end, name.text.begin());
  return true;
}
template <AttributeSet T>
[[nodiscard]] bool get(Bytes payload, T& set) {
  return decode(payload, set);
}

/// Reads the attributes that the table knows and skips others. False: one of them has a wrong length.
template <AttributeSet T>
bool decode(Bytes bytes, T& set) {
  return each_attribute(bytes, [&](std::uint16_t number, Bytes payload) {
    bool good = true;
    const auto try_field = [&](const auto& field) {
      if (number != field.number) return false;
      good = get(payload, (set.*field.member).emplace());
      return true;
    };
    std::apply([&](const auto&... field) { return (try_field(field) || ...); }, wire::fields<T>);
    return good;
  });
}

/// Calls `visit(const nlmsghdr&, payload) -> bool` for each message of a datagram. False: as each_attribute().
template <class Visit>
bool each_message(Bytes datagram, Visit visit) {
  while (!datagram.empty()) {
    nlmsghdr header;
    if (datagram.size() < sizeof header) return false;
    std::memcpy(&header, datagram.data(), sizeof header);
    if (header.nlmsg_len < sizeof header || header.nlmsg_len > datagram.size()) return false;
    if (!visit(header, datagram.subspan(sizeof header, header.nlmsg_len - sizeof header))) return false;
    datagram = datagram.subspan(std::min(align(header.nlmsg_len), datagram.size()));
  }
  return true;
}

/// Reads the payload of a generic netlink message: a command's header, then attributes. A set that has a place
/// in a command (wire::number) stands nested there, others make up the first level.
template <AttributeSet T>
[[nodiscard]] bool decode_answer(Bytes payload, T& set) {
  if (payload.size() < GENL_HDRLEN) return false;
  const Bytes attributes = payload.subspan(GENL_HDRLEN);
  if constexpr (wire::number<T> == 0) return decode(attributes, set);
  return each_attribute(
      attributes, [&](std::uint16_t number, Bytes nested) { return number != wire::number<T> || decode(nested, set); });
}

/// The error that an NLMSG_ERROR or NLMSG_DONE carries, positive; 0 for success.
inline int error_code(Bytes payload) {
  constexpr std::int32_t largest = 4095;
  std::int32_t code = 0;
  if (payload.size() < sizeof code) return EBADMSG;
  std::memcpy(&code, payload.data(), sizeof code);
  return code > 0 || code < -largest ? EBADMSG : -code;
}

}  // namespace ipvs::codec
