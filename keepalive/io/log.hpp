// One line for each change of state: `ID key=value …` on stderr, for the journal with its level, or to syslog.
#pragma once

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
  std::string name = "keepalive";
};
void set_log(const LogSettings& settings);

/// Whether lines of this level go out.
bool logged(Level level);
/// Never waits: what cannot be written for long is dropped, counted, and told as LOG_LOST. `id`: a stable word. Control characters of the text are escaped: one line stays one.
void log(Level level, std::string_view id, std::string_view text);
/// A line of the log for each line of the text.
void log_lines(Level level, std::string_view id, std::string_view text);
/// A value as `key="…"` writes it.
std::string quoted(std::string_view value);

}  // namespace keepalive::io
