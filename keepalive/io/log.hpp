// One line for each change of state: `ID key=value …` on stderr, with time and level or as the journal reads it, or to
// syslog.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace keepalive::io {

enum class Level : std::uint8_t { error = 3, warning = 4, notice = 5, info = 6 };

/// What goes out, and where to. Set once, before the first line.
struct LogSettings {
  Level most = Level::info;
  bool syslog = false;
  bool prefix = false;  // "<5>" before each line, as systemd reads it
  bool stamp = false;   // local time and level before each line
  std::string name = "keepalive";
};
void set_log(const LogSettings& settings);

/// Whether lines of this level go out.
bool logged(Level level);
/// Never waits: what cannot be written for long is dropped, counted, and told as LOG_LOST. `id`: a stable word. Control
/// characters of the text are escaped: one line stays one.
void log(Level level, std::string_view id, std::string_view text);
/// Waits a moment until all lines are written, as the end of the process does by itself.
void drain_log();
/// "2026-11-25T18:31:02.123 warning ": what `stamp` puts before a line.
std::string stamp(std::chrono::system_clock::time_point now, Level level);
/// Whether stderr is the socket to the journal that systemd tells of in JOURNAL_STREAM.
bool stderr_is_journal();
/// A value as `key="…"` writes it.
std::string quoted(std::string_view value);

}  // namespace keepalive::io
