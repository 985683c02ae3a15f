#include "io/log.hpp"

#include <fmt/format.h>
#include <sys/stat.h>
#include <syslog.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <ctime>

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
  std::string line = settings().prefix ? fmt::format("<{}>", static_cast<int>(level)) : std::string{};
  // What the writer itself has to say comes without.
  if (settings().stamp && text.starts_with("LOG_LOST")) line += stamp(std::chrono::system_clock::now(), level);
  line += text + "\n";
  for (std::size_t done = 0; done < line.size();) {
    const ssize_t written = ::write(STDERR_FILENO, line.data() + done, line.size() - done);
    if (written <= 0 && errno != EINTR) return;
    if (written > 0) done += static_cast<std::size_t>(written);
  }
}

/// Never taken down: others may log until the very end, which waits a moment for the last lines.
LineWriter& writer() {
  static LineWriter* const one = [] {
    std::atexit(drain_log);
    return new LineWriter{write, most_waiting};
  }();
  return *one;
}

}  // namespace

std::string stamp(std::chrono::system_clock::time_point now, Level level) {
  constexpr auto words = std::to_array<std::string_view>({"error", "warning", "notice", "info"});
  using std::chrono::milliseconds;
  const auto since = std::chrono::floor<milliseconds>(now.time_since_epoch());
  const std::time_t seconds = std::chrono::floor<std::chrono::seconds>(since).count();
  std::tm local{};
  localtime_r(&seconds, &local);
  std::array<char, 32> text{};
  std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%S", &local);
  return fmt::format("{}.{:03} {} ", text.data(), since.count() % 1000,
                     words.at(static_cast<std::size_t>(level) - static_cast<std::size_t>(Level::error)));
}

void set_log(const LogSettings& wanted) {
  settings() = wanted;
  if (wanted.syslog) openlog(settings().name.c_str(), LOG_PID, LOG_DAEMON);
}

bool logged(Level level) { return level <= settings().most; }

void log(Level level, std::string_view id, std::string_view text) {
  if (!logged(level)) return;
  const std::string head = settings().stamp ? stamp(std::chrono::system_clock::now(), level) : "";
  writer().put(level, fmt::format("{}{} {}", head, id, escaped(text)));
}

void drain_log() { writer().drain(last_patience); }

bool stderr_is_journal() {
  const char* const stream = std::getenv("JOURNAL_STREAM");
  struct stat is {};
  if (stream == nullptr || fstat(STDERR_FILENO, &is) != 0) return false;
  return fmt::format("{}:{}", is.st_dev, is.st_ino) == stream;
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
