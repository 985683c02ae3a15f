// Values to bytes and back over one list of members a type: `members(visit, value)` calls visit(value.a, value.b, …)
// and is found beside the type. Foreign bytes are read with every length checked.
#pragma once

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "base/bytes.hpp"
#include "core/verdict.hpp"
#include "ipvs++/service.hpp"

namespace keepalive::core::archive {

class Encoder {
 public:
  template <class... T>
  void operator()(const T&... values) {
    (put(values), ...);
  }
  std::string take() && { return std::move(out_).take(); }

 private:
  void put(bool value) { out_.u8(value ? 1 : 0); }
  void put(std::uint8_t value) { out_.u8(value); }
  void put(std::uint64_t value) { out_.u64(value); }
  template <class T>
  requires std::is_enum_v<T>
  void put(const T& value) { out_.u8(static_cast<std::uint8_t>(value)); }
  void put(std::uint32_t value) { out_.u32(value); }
  void put(std::int32_t value) { out_.u32(static_cast<std::uint32_t>(value)); }
  void put(std::chrono::microseconds value) { out_.u64(static_cast<std::uint64_t>(value.count())); }
  void put(const std::string& value) { out_.text(value); }
  void put(const ipvs::Fwmark& value) { out_.u32(value.value); }
  void put(const ipvs::Address& value) {
    out_.u8(static_cast<std::uint8_t>(value.bytes().size()));
    out_.bytes(value.bytes());
  }
  void put(const ipvs::Endpoint& value) {
    put(value.address);
    out_.u16(value.port.value);
  }
  template <class T>
  void put(const std::optional<T>& value) {
    put(value.has_value());
    put(value.value_or(T{}));
  }
  template <class T>
  void put(const std::vector<T>& list) {
    out_.u32(static_cast<std::uint32_t>(list.size()));
    for (const T& one : list) put(one);
  }
  template <class K, class T>
  void put(const std::map<K, T>& map) {
    out_.u32(static_cast<std::uint32_t>(map.size()));
    for (const auto& [key, value] : map) (*this)(key, value);
  }
  template <class T>
  void put(const T& value) {
    members(*this, value);
  }

  base::ByteWriter out_ = {};
};

class Decoder {
 public:
  explicit Decoder(base::ByteReader& in) : in_{in} {}
  template <class... T>
  void operator()(T&... values) {
    (get(values), ...);
  }

 private:
  void get(bool& value) { value = in_.u8() != 0; }
  void get(std::uint64_t& value) { value = in_.u64(); }
  void get(std::uint8_t& value) { value = in_.u8(); }
  /// `last_of(T{})`, the greatest value, is found beside the enumeration.
  template <class T>
  requires std::is_enum_v<T>
  void get(T& value) {
    const std::uint8_t number = in_.u8();
    if (number > static_cast<std::uint8_t>(last_of(T{}))) in_.fail();
    value = static_cast<T>(number);
  }
  void get(std::uint32_t& value) { value = in_.u32(); }
  void get(std::int32_t& value) { value = static_cast<std::int32_t>(in_.u32()); }
  void get(std::chrono::microseconds& value) {
    value = std::chrono::microseconds{static_cast<std::int64_t>(in_.u64())};
  }
  void get(std::string& value) { value = in_.text(); }
  void get(ipvs::Fwmark& value) { value.value = in_.u32(); }
  void get(ipvs::Address& value) {
    const std::size_t size = in_.u8();
    const base::Bytes bytes = in_.bytes(size);
    if (!in_.good()) return;
    if (size == 4) return value = address<4>(bytes), void();
    if (size == 16) return value = address<16>(bytes), void();
    in_.fail();
  }
  void get(ipvs::Endpoint& value) {
    get(value.address);
    value.port.value = in_.u16();
  }
  template <std::size_t size>
  static ipvs::Address address(base::Bytes bytes) {
    std::array<std::uint8_t, size> copy{};
    std::copy(bytes.begin(), bytes.end(), copy.begin());
    return ipvs::Address{copy};
  }
  template <class T>
  void get(std::optional<T>& value) {
    bool has = false;
    T content{};
    get(has);
    get(content);
    if (has) value = std::move(content);
  }
  template <class T>
  void get(std::vector<T>& list) {
    list.clear();  // of its default
    const std::uint32_t size = in_.u32();
    for (std::uint32_t i = 0; i < size && in_.good(); ++i) get(list.emplace_back());
  }
  template <class K, class T>
  void get(std::map<K, T>& map) {
    const std::uint32_t size = in_.u32();
    for (std::uint32_t i = 0; i < size && in_.good(); ++i) {
      K key{};
      get(key);
      get(map[std::move(key)]);
    }
  }
  template <class T>
  void get(T& value) {
    members(*this, value);
  }

  base::ByteReader& in_;
};

template <class Message, std::size_t... index>
std::optional<Message> decode_as(std::size_t kind, base::ByteReader& in, std::index_sequence<index...>) {
  std::optional<Message> message;
  Decoder decoder{in};
  const auto one = [&]<std::size_t i>() {
    if (kind == i) members(decoder, message.emplace().template emplace<i>());
  };
  (one.template operator()<index>(), ...);
  if (!message || !in.done()) return std::nullopt;
  return message;
}

/// A variant: a byte that tells which, then its members.
template <class Message>
std::string encode(const Message& message) {
  Encoder encoder;
  encoder(static_cast<std::uint8_t>(message.index()));
  std::visit([&](const auto& one) { members(encoder, one); }, message);
  return std::move(encoder).take();
}

/// The same of one that no variant holds.
template <class Message, class One>
std::string encode_as(const One& one) {
  constexpr auto index = []<class... Kinds>(const std::variant<Kinds...>*) {
    std::size_t place = 0;
    static_cast<void>(((std::is_same_v<Kinds, One> || (++place, false)) || ...));
    return static_cast<std::uint8_t>(place);
  }(static_cast<const Message*>(nullptr));
  Encoder encoder;
  encoder(index);
  members(encoder, one);
  return std::move(encoder).take();
}

template <class Message>
std::optional<Message> decode(base::Bytes bytes) {
  base::ByteReader in{bytes};
  const std::size_t kind = in.u8();
  return decode_as<Message>(kind, in, std::make_index_sequence<std::variant_size_v<Message>>{});
}

}  // namespace keepalive::core::archive
