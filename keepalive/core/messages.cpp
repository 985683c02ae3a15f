#include "core/messages.hpp"

#include <type_traits>

#include "core/archive.hpp"

namespace keepalive::core {

// One list of members for each type serves both directions.
template <class V, class T>
static void members(V& visit, T& m) {
  using Plain = std::remove_const_t<T>;
  if constexpr (std::is_same_v<Plain, Verdict>) visit(m.good, m.evidence, m.latency, m.weight, m.certificate);
  if constexpr (std::is_same_v<Plain, Certificate>) visit(m.end, m.soon);
  if constexpr (std::is_same_v<Plain, Target>) visit(m.id, m.check, m.endpoint, m.mark, m.behind, m.state, m.host);
  if constexpr (std::is_same_v<Plain, SetCheck>) visit(m.number, m.text);
  if constexpr (std::is_same_v<Plain, SetTargets>) visit(m.targets);
  if constexpr (std::is_same_v<Plain, DropTargets>) visit(m.ids);
  if constexpr (std::is_same_v<Plain, DropCheck>) visit(m.number);
  if constexpr (std::is_same_v<Plain, ScriptDone>) visit(m.target, m.run, m.exit_code, m.timed_out, m.line);
  if constexpr (std::is_same_v<Plain, Transition>) visit(m.target, m.state, m.verdict);
  if constexpr (std::is_same_v<Plain, Summary>) visit(m.target, m.runs, m.failures, m.against, m.verdict, m.unable);
  if constexpr (std::is_same_v<Plain, Summaries>) visit(m.list);
  if constexpr (std::is_same_v<Plain, Alive>) visit(m.late, m.running);
  if constexpr (std::is_same_v<Plain, RunScript>) visit(m.target, m.check, m.run);
  if constexpr (std::is_same_v<Plain, GotSocket>) visit(m.target, m.run, m.fault);
  if constexpr (std::is_same_v<Plain, WantSockets>) visit(m.target, m.run, m.count);
  if constexpr (std::is_same_v<Plain, Failure>) visit(m.target, m.evidence);
  if constexpr (std::is_same_v<Plain, Failures>) visit(m.list, m.untold);
}

std::string encode(const Message& message) { return archive::encode(message); }

std::optional<Message> decode(std::span<const std::uint8_t> bytes) { return archive::decode<Message>(bytes); }

}  // namespace keepalive::core
