#include "io/log.hpp"

#include <fmt/format.h>
#include <syslog.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdlib>

#include "io/line_writer.hpp"

namespace keepalive::io {
namespace {

constexpr std::size_t most_waiting = 1U << 20U;
constexpr std::chrono::milliseconds last_patience{1000};

LogSettings& settings() {
  static LogSettings all;
  return all;
}

std::string escaped(std::string_view text) {
  std::string line;
  for (const char c : text) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f)
      line += fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
    else
      line += c;
  }
  return line;
}

void write(Level level, const std::string& text) {
  if (settings().syslog) return ::syslog(static_cast<int>(level), "%s", text.c_str());
  const std::string line = (settings().prefix ? fmt::format("<{}>", static_cast<int>(level)) : "") + text + "\n";
  for (std::size_t done = 0; done < line.size();) {
    const ssize_t written = ::write(STDERR_FILENO, line.data() + done, line.size() - done);
    if (written <= 0 && errno != EINTR) return;
    if (written > 0) done += static_cast<std::size_t>(written);
  }
}

/// Never taken down: others may log until the very end, which waits a moment for the last lines.
LineWriter& writer() {
  static LineWriter* const one = [] {
    std::atexit([] { writer().drain(last_patience); });
    return new LineWriter{write, most_waiting};
  }();
  return *one;
}

}  // namespace

void set_log(const LogSettings& wanted) {
  settings() = wanted;
  if (wanted.syslog) openlog(settings().name.c_str(), LOG_PID, LOG_DAEMON);
}

bool logged(Level level) { return level <= settings().most; }

void log(Level level, std::string_view id, std::string_view text) {
  if (logged(level)) writer().put(level, fmt::format("{} {}", id, escaped(text)));
}

void log_lines(Level level, std::string_view id, std::string_view text) {
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    log(level, id, text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
}

std::string quoted(std::string_view value) {
  std::string text = "\"";
  for (const char c : value) {
    if (c == '"' || c == '\\') text += '\\';
    text += c;
  }
  return text + '"';
}

}  // namespace keepalive::io
