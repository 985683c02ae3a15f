#include "journal_log.hpp"

#include <fmt/format.h>

#include "io/log.hpp"

namespace keepalive {
namespace {

using io::Level;

Level level(core::Journal::Level level) {
  switch (level) {
    case core::Journal::Level::alert:
      return Level::warning;
    case core::Journal::Level::warning:
      return Level::notice;
    case core::Journal::Level::info:
      break;
  }
  return Level::info;
}

}  // namespace

void log(const core::Journal& entry) {
  io::log(level(entry.level), entry.kind,
          fmt::format("object={} text={}{}{}", io::quoted(entry.object), io::quoted(entry.text),
                      entry.cause.empty() ? "" : " cause=", entry.cause.empty() ? "" : io::quoted(entry.cause)));
}

void log_faults(const Diagnostics& faults) {
  for (const base::Diagnostic& one : faults)
    io::log(Level::error, "CONFIG_FAULT",
            fmt::format("file={} line={} column={} text={}", io::quoted(one.position.file.text()), one.position.line,
                        one.position.column, io::quoted(one.text)));
}

void log_failure(const std::string& object, const core::ProgramDone& done) {
  constexpr std::int32_t not_found = 127;  // as a shell says it
  io::log(Level::warning, "PROGRAM_FAILED",
          fmt::format("object={} exit_code={}{} output={}", io::quoted(object),
                      done.exit_code == core::never_ran ? not_found : done.exit_code,
                      done.timed_out ? " text=\"time limit\"" : "", io::quoted(done.line)));
}

}  // namespace keepalive
