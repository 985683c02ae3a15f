#include "io/log.hpp"

#include <fmt/format.h>
#include <syslog.h>
#include <unistd.h>

#include <algorithm>

namespace keepalive::io {
namespace {

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

}  // namespace

void set_log(const LogSettings& wanted) {
  settings() = wanted;
  if (wanted.syslog) openlog(settings().name.c_str(), LOG_PID, LOG_DAEMON);
}

void log(Level level, std::string_view id, std::string_view text) {
  if (level > settings().most) return;
  std::string line = fmt::format("{} {}", id, escaped(text));
  if (settings().syslog) return ::syslog(static_cast<int>(level), "%s", line.c_str());
  if (settings().prefix) line.insert(0, fmt::format("<{}>", static_cast<int>(level)));
  line += '\n';
  [[maybe_unused]] const auto written = ::write(STDERR_FILENO, line.data(), line.size());
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
