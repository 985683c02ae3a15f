#include "core/versions.hpp"

#include <algorithm>
#include <variant>

#include "core/versions_archive.hpp"

namespace keepalive::core {
namespace {

using Kept = std::variant<ConfigVersion, Pending>;

template <class One>
std::optional<One> decode(std::span<const std::uint8_t> bytes) {
  auto kept = archive::decode<Kept>(bytes);
  auto* const one = kept ? std::get_if<One>(&*kept) : nullptr;
  return one == nullptr ? std::nullopt : std::optional{std::move(*one)};
}

}  // namespace

std::string encode(const ConfigVersion& version) { return archive::encode_as<Kept>(version); }

std::string encode(const Pending& pending) { return archive::encode_as<Kept>(pending); }

std::optional<ConfigVersion> decode_version(std::span<const std::uint8_t> bytes) {
  return decode<ConfigVersion>(bytes);
}

std::optional<Pending> decode_pending(std::span<const std::uint8_t> bytes) { return decode<Pending>(bytes); }

Time remaining(const Pending& pending, Time now) { return std::clamp(pending.until - now, Time{0}, pending.term); }

}  // namespace keepalive::core
