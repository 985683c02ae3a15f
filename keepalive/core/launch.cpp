#include "core/launch.hpp"

#include <type_traits>

#include "core/archive.hpp"
#include "core/versions_archive.hpp"

namespace keepalive::core {

template <class V, class T>
static void members(V& visit, T& m) {
  using Plain = std::remove_const_t<T>;
  if constexpr (std::is_same_v<Plain, Fetch>) visit(m.last_good, m.instead);
  if constexpr (std::is_same_v<Plain, WantRoles>)
    visit(m.probers, m.sender, m.metrics, m.monitor, m.routers, m.sync, m.realtime);
  if constexpr (std::is_same_v<Plain, RestartProber>) visit(m.index);
  if constexpr (std::is_same_v<Plain, Failed>) visit(m.text);
  if constexpr (std::is_same_v<Plain, Adopt> || std::is_same_v<Plain, Drop>) visit(m.serial);
  if constexpr (std::is_same_v<Plain, RunProgram>)
    visit(m.id, m.object, m.serial, m.number, m.arguments, m.environment, m.limit_ms, m.leave_nothing);
  if constexpr (std::is_same_v<Plain, RunNft>) visit(m.id, m.arguments, m.input);
  if constexpr (std::is_same_v<Plain, Bundle>)
    visit(m.serial, m.path, m.last_good, m.texts, m.sources, m.globs, m.faults, m.identities, m.environment);
  if constexpr (std::is_same_v<Plain, ProgramDone>) visit(m.id, m.exit_code, m.timed_out, m.line, m.digest);
  if constexpr (std::is_same_v<Plain, NewRole>) visit(m.kind, m.index);
  if constexpr (std::is_same_v<Plain, WriteFiles>)
    visit(m.id, m.files, m.before, m.by, m.comment, m.generation, m.confirm_s, m.of);
  if constexpr (std::is_same_v<Plain, ConfirmFiles>) visit(m.id);
  if constexpr (std::is_same_v<Plain, AskVersions>) visit(m.id, m.number, m.paths);
  if constexpr (std::is_same_v<Plain, Versions>) visit(m.id, m.list, m.writable);
  if constexpr (std::is_same_v<Plain, Wrote>) visit(m.id, m.version, m.fault);
  if constexpr (std::is_same_v<Plain, PendingIs>) visit(m.pending);
  if constexpr (std::is_same_v<Plain, RolledBack>) visit(m.version, m.of);
  if constexpr (std::is_same_v<Plain, Signalled>) visit(m.number);
}

std::string encode(const Launch& message) { return archive::encode(message); }

std::string encode(const Bundle& bundle) { return archive::encode_as<Launch>(bundle); }

std::optional<Launch> decode_launch(std::span<const std::uint8_t> bytes) { return archive::decode<Launch>(bytes); }

}  // namespace keepalive::core
