#include "config/hmac.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "config/named_files.hpp"
#include "config/values.hpp"

namespace keepalive::config {
namespace {

using vrrp::HmacKey;

/// The bytes that hexadecimal digits stand for; nothing: they are no such.
std::optional<std::string> from_hex(std::string_view digits) {
  std::string bytes;
  for (std::size_t i = 0; i < digits.size(); i += 2) {
    const std::string_view pair = digits.substr(i, 2);
    const auto byte = pair.size() == 2 ? base::read_number<std::uint8_t>(pair, 16) : std::nullopt;
    if (!byte) return std::nullopt;
    bytes += static_cast<char>(*byte);
  }
  return bytes;
}

/// What a key's file says: "hex:" and digits, or the key itself.
Fault read_hmac_secret(const FileReader& files, const std::string& path, std::string& secret) {
  constexpr std::string_view hex = "hex:";
  constexpr std::size_t least = 32;
  constexpr std::size_t most = 64;
  auto text = read_secret(files, path);
  if (!text) return text.error();
  const auto bytes = text->starts_with(hex) ? from_hex(std::string_view{*text}.substr(hex.size())) : std::move(*text);
  if (!bytes) return fmt::format("{}: after hex: want pairs of hexadecimal digits", path);
  if (bytes->size() < least || bytes->size() > most)
    return fmt::format("{} has {} bytes: a key has {} to {}; make one with: echo hex:$(openssl rand -hex 32)", path,
                       bytes->size(), least, most);
  secret = *bytes;
  return {};
}

Fault read_key(const Sink& sink, std::string_view item, HmacKey& key) {
  constexpr std::uint64_t most = 255;
  const auto words = read_words(item);
  const auto id = words && words->size() == 2 ? read_number(words->front(), 1, most) : std::nullopt;
  const auto path = words && words->size() == 2 ? named_path(words->back()) : std::nullopt;
  if (!id || !path) return "wants an id from 1 to 255 and file:/PATH";
  key.id = static_cast<std::uint8_t>(*id);
  return read_hmac_secret(sink.files, *path, key.secret);
}

}  // namespace

Fault add_hmac_keys(Sink& sink, const Key&, std::string_view value) {
  auto& keys = sink.vrrp->vrrp.router.hmac.keys;
  for (const std::string_view one : split(value)) {
    HmacKey key;
    Fault fault = read_key(sink, one, key);
    const bool twice = std::any_of(keys.begin(), keys.end(), [&](const HmacKey& each) { return each.id == key.id; });
    if (fault.empty() && twice) fault = fmt::format("id {} stands here twice: each key has its own", key.id);
    if (fault.empty())
      keys.push_back(std::move(key));
    else
      sink.complain(value, one, std::move(fault));
  }
  return {};
}

Fault set_hmac_window(Sink& sink, const Key& key, std::string_view value) {
  const auto time = read_time(value);
  const bool fits =
      time && (*time == Milliseconds{0} || (*time >= Milliseconds{key.low} && *time <= Milliseconds{key.high}));
  if (!fits) return fmt::format("wants a time from 1s to 5m, or 0{}", unit_hint(value));
  sink.vrrp->vrrp.router.hmac.window = *time;
  return {};
}

}  // namespace keepalive::config
