// rtnetlink(7) messages, written and read, and a socket that asks for many things in one message.
//
// The kernel answers while it is being asked: when send(2) returns, all is done and the answers lie in the receive
// buffer. A request without NLM_F_ACK is answered only when it is refused, so that silence is success.
#pragma once

#include <linux/netlink.h>
#include <linux/rtnetlink.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>

#include "base/fd.hpp"
#include "ipvs++/address.hpp"
#include "net/outcome.hpp"

namespace keepalive::net::netlink {

using Bytes = std::span<const std::uint8_t>;

constexpr std::size_t align(std::size_t length) { return (length + 3) & ~std::size_t{3}; }

inline std::uint8_t family_number(ipvs::Family family) { return family == ipvs::Family::ipv4 ? 2 : 10; }

/// Messages one behind the other in memory that is given.
class Writer {
 public:
  explicit Writer(std::span<std::uint8_t> storage) : storage_{storage} {}

  Bytes bytes() const { return Bytes{storage_}.first(size_); }

  /// Appends a message; `attributes` writes what follows its header. False: no room, nothing is appended.
  template <class Header, class Attributes>
  bool message(std::uint16_t type, unsigned flags, std::uint32_t sequence, const Header& its, Attributes attributes) {
    const std::size_t start = size_;
    full_ = false;
    const nlmsghdr nothing{};
    append(&nothing, sizeof nothing);
    append(&its, sizeof its);
    attributes();
    if (full_) return size_ = start, false;
    const nlmsghdr header{static_cast<std::uint32_t>(size_ - start), type,
                          static_cast<std::uint16_t>(NLM_F_REQUEST | flags), sequence, 0};
    std::memcpy(storage_.data() + start, &header, sizeof header);
    return true;
  }

  /// A message that was written elsewhere, under another number.
  bool copy(Bytes message, std::uint32_t sequence) {
    nlmsghdr header{};
    if (message.size() < sizeof header || size_ + align(message.size()) > storage_.size()) return false;
    std::memcpy(&header, message.data(), sizeof header);
    header.nlmsg_seq = sequence;
    header.nlmsg_len = static_cast<std::uint32_t>(message.size());
    std::memcpy(storage_.data() + size_, message.data(), message.size());
    std::memcpy(storage_.data() + size_, &header, sizeof header);
    size_ += align(message.size());
    return true;
  }

  void attribute(unsigned number, const void* data, std::size_t length) {
    const rtattr header{static_cast<std::uint16_t>(sizeof(rtattr) + length), static_cast<std::uint16_t>(number)};
    append(&header, sizeof header);
    append(data, length);
  }
  template <class T>
  requires std::is_trivially_copyable_v<T>
  void put(unsigned number, const T& value) { attribute(number, &value, sizeof value); }
  void put(unsigned number, const ipvs::Address& address) {
    attribute(number, address.bytes().data(), address.bytes().size());
  }
  void put(unsigned number, const std::string& text) { attribute(number, text.c_str(), text.size() + 1); }

  template <class Attributes>
  void nested(unsigned number, Attributes attributes) {
    const std::size_t start = size_;
    attribute(number | NLA_F_NESTED, &start, 0);
    attributes();
    if (full_) return;
    const auto length = static_cast<std::uint16_t>(size_ - start);
    std::memcpy(storage_.data() + start, &length, sizeof length);
  }

 private:
  void append(const void* data, std::size_t length) {
    if (full_ || size_ + align(length) > storage_.size()) return static_cast<void>(full_ = true);
    std::memset(storage_.data() + size_ + align(length) - 4 * (align(length) > length), 0,
                4 * (align(length) > length));
    std::memcpy(storage_.data() + size_, data, length);
    size_ += align(length);
  }

  std::span<std::uint8_t> storage_;
  std::size_t size_ = 0;
  bool full_ = false;
};

/// Calls `visit(const nlmsghdr&, payload)` for each whole message until it returns false.
template <class Visit>
void each_message(Bytes bytes, Visit visit) {
  nlmsghdr header{};
  while (bytes.size() >= sizeof header) {
    std::memcpy(&header, bytes.data(), sizeof header);
    if (header.nlmsg_len < sizeof header || header.nlmsg_len > bytes.size()) return;
    if (!visit(header, bytes.subspan(sizeof header, header.nlmsg_len - sizeof header))) return;
    bytes = bytes.subspan(std::min(align(header.nlmsg_len), bytes.size()));
  }
}

/// The start of a payload as a struct of the kernel's; zeros if it is too short. What follows is left in `payload`.
template <class Header>
Header take(Bytes& payload) {
  Header header{};
  if (payload.size() < sizeof header) return payload = {}, header;
  std::memcpy(&header, payload.data(), sizeof header);
  payload = payload.subspan(std::min(align(sizeof header), payload.size()));
  return header;
}

/// The attributes with numbers below `size`, by number.
template <std::size_t size>
class Attributes {
 public:
  explicit Attributes(Bytes bytes) {
    rtattr header{};
    while (bytes.size() >= sizeof header) {
      std::memcpy(&header, bytes.data(), sizeof header);
      if (header.rta_len < sizeof header || header.rta_len > bytes.size()) return;
      const std::size_t number = header.rta_type & NLA_TYPE_MASK;
      if (number < size) found_[number] = bytes.subspan(sizeof header, header.rta_len - sizeof header);
      bytes = bytes.subspan(std::min(align(header.rta_len), bytes.size()));
    }
  }

  Bytes bytes(std::size_t number) const { return found_[number].value_or(Bytes{}); }
  /// None: it is not there, or of another length.
  template <class T>
  std::optional<T> value(std::size_t number) const {
    T value{};
    if (!found_[number] || found_[number]->size() != sizeof value) return {};
    std::memcpy(&value, found_[number]->data(), sizeof value);
    return value;
  }
  std::optional<ipvs::Address> address(std::size_t number) const;
  std::string text(std::size_t number) const {
    const std::string_view all{reinterpret_cast<const char*>(bytes(number).data()), bytes(number).size()};
    return std::string{all.substr(0, all.find('\0'))};
  }

 private:
  std::array<std::optional<Bytes>, size> found_ = {};
};

template <std::size_t size>
std::optional<ipvs::Address> Attributes<size>::address(std::size_t number) const {
  if (const auto four = value<std::array<std::uint8_t, 4>>(number)) return ipvs::Address{*four};
  if (const auto sixteen = value<std::array<std::uint8_t, 16>>(number)) return ipvs::Address{*sixteen};
  return {};
}

/// The errno of an NLMSG_ERROR, or of an NLMSG_DONE, which may lack one; 0: an acknowledgement.
int error_in(Bytes payload);

/// A socket for requests. All memory is in the object: 36 kB.
class Requests {
 public:
  static Outcome<base::Fd> socket();
  /// Takes the socket over.
  explicit Requests(base::Fd fd) : fd_{std::move(fd)} {}

  /// Writes `count` requests with `write(Writer&, sequence, number) -> whether there was room`, sends them in as few
  /// messages as possible and calls `refused(number, errno)` for each that the kernel did not carry out.
  template <class Write, class Refused>
  void run(std::size_t count, Write write, Refused refused) {
    for (std::size_t first = 0; first < count;) {
      Writer writer{out_};
      std::size_t end = first;
      while (end < count && end - first < most && write(writer, number(end - first), end)) ++end;
      const int error = end > first ? send(writer.bytes()) : EMSGSIZE;
      if (end == first) ++end;
      for (std::size_t i = first; error != 0 && i < end; ++i) refused(i, error);
      hear(end - first, [&](std::size_t place, int why) { refused(first + place, why); });
      sequence_ += static_cast<std::uint32_t>(end - first);
      first = end;
    }
  }

  /// One request that has one answer: `read(payload)` is called with it. Returns the kernel's errno.
  template <class Write, class Read>
  int ask(Write write, Read read) {
    Writer writer{out_};
    write(writer, ++sequence_);
    if (const int error = send(writer.bytes()); error != 0) return error;
    const Bytes answer = receive_one();
    int error = EBADMSG;
    each_message(answer, [&](const nlmsghdr& header, Bytes payload) {
      if (header.nlmsg_seq != sequence_) return true;
      error = header.nlmsg_type == NLMSG_ERROR ? error_in(payload) : 0;
      if (error == 0) read(payload);
      return false;
    });
    return error;
  }

 private:
  static constexpr std::size_t most = 128;  // refusals that fit into any receive buffer
  static constexpr std::size_t slots = 32;

  std::uint32_t number(std::size_t place) const { return sequence_ + 1 + static_cast<std::uint32_t>(place); }
  int send(Bytes requests);
  Bytes receive_one();
  /// What lies there, some of it; empty: nothing more, or `error` says that answers were lost.
  std::span<const Bytes> receive_many(int& error);

  template <class Told>
  void hear(std::size_t count, Told told) {
    int error = 0;
    for (auto some = receive_many(error); !some.empty(); some = receive_many(error))
      for (const Bytes answer : some)
        each_message(answer, [&](const nlmsghdr& header, Bytes payload) {
          const std::size_t place = header.nlmsg_seq - number(0);
          if (header.nlmsg_type == NLMSG_ERROR && place < count) told(place, error_in(payload));
          return true;
        });
    if (error == 0) return;
    for (std::size_t i = 0; i < count; ++i) told(i, error);
    while (!receive_many(error).empty()) {
    }
  }

  base::Fd fd_;
  std::uint32_t sequence_ = 0;
  alignas(nlmsghdr) std::array<std::uint8_t, 32768> out_;  // NOLINT: written before it is read
  std::array<std::array<std::uint8_t, 64>, slots> in_;     // NOLINT: the same; an answer has 36 bytes
  std::array<Bytes, slots> heard_ = {};
};

}  // namespace keepalive::net::netlink
