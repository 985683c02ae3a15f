#include "probe/script.hpp"

#include <fmt/format.h>

namespace keepalive::probe {

Finding ScriptProbe::judge(const core::ScriptDone& done) const {
  constexpr std::int32_t first_weight = 2;
  constexpr std::int32_t last_weight = 255;
  const std::string line = done.line.empty() ? "" : ": " + clean(done.line, 200);
  if (done.timed_out) return fault("script took longer than " + print_duration(check().timeout) + line);
  const std::int32_t code = done.exit_code;
  if (code == core::never_ran) return unable(done.line.empty() ? "cannot run the script" : clean(done.line, 200));
  if (code < 0) return fault(fmt::format("script ended by signal {}{}", -code, line));
  if (code == 0) return {.good = true, .text = "exit code 0" + line};
  // What shells say of a program that cannot be run or is not there; with dynamic_weight they are weights.
  if (!check().dynamic_weight && (code == 126 || code == 127))
    return unable(fmt::format("cannot run the script: exit code {}{}", code, line));
  if (!check().dynamic_weight || code < first_weight || code > last_weight)
    return fault(fmt::format("exit code {}{}", code, line));
  return {
      .good = true, .fact = Fact::weight, .number = code - first_weight, .text = line, .weight = code - first_weight};
}

}  // namespace keepalive::probe
