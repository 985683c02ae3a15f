#include "probe/evidence.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cerrno>
#include <cstring>

namespace keepalive::probe {
namespace {

using std::chrono::microseconds;

struct Words {
  int error;
  std::string_view text;
};
constexpr auto errors = std::to_array<Words>({{ECONNREFUSED, "connection refused"},
                                              {ECONNRESET, "connection reset"},
                                              {EPIPE, "connection closed by the server"},
                                              {EHOSTUNREACH, "no route to host"},
                                              {ENETUNREACH, "network unreachable"},
                                              {ETIMEDOUT, "no answer"}});
// Shortages, and what our own system forbids or does not know.
constexpr auto ours = std::to_array<int>(
    {EMFILE, ENFILE, ENOBUFS, ENOMEM, EAGAIN, EADDRNOTAVAIL, EPERM, EACCES, EAFNOSUPPORT, EINVAL, ENODEV});

using Printer = std::string (*)(const Finding& finding, microseconds latency);
// In the order of Fact.
constexpr auto printers = std::to_array<Printer>({
    [](const Finding&, microseconds latency) { return "connected in " + print_duration(latency); },
    [](const Finding&, microseconds latency) { return "answered in " + print_duration(latency); },
    [](const Finding& f, microseconds latency) {
      return fmt::format("HTTP status {} in {}", f.number, print_duration(latency));
    },
    [](const Finding&, microseconds) { return std::string{"sent, and nothing came back to say no"}; },
    [](const Finding& f, microseconds) { return fmt::format("weight {}", f.number); },
    [](const Finding& f, microseconds) {
      return "no answer within " + print_duration(std::chrono::milliseconds{f.number});
    },
    [](const Finding& f, microseconds) { return print_error(f.number); },
    [](const Finding&, microseconds) { return std::string{}; },
    [](const Finding&, microseconds) { return std::string{}; },
    [](const Finding& f, microseconds) {
      return f.number == 0 ? std::string{} : "cannot probe: " + print_error(f.number);
    },
});

}  // namespace

std::string print_error(int error) {
  const auto* const known = std::ranges::find(errors, error, &Words::error);
  if (known != errors.end()) return std::string{known->text};
  std::string text = std::strerror(error);
  text[0] = static_cast<char>(std::tolower(static_cast<unsigned char>(text[0])));
  return text;
}

Finding success(Fact fact, std::int32_t number) { return {.good = true, .fact = fact, .number = number}; }

Finding fault(std::string text) { return {.text = std::move(text)}; }

Finding unable(std::string text) { return {.fact = Fact::unable, .text = std::move(text)}; }

Finding lacking() { return {.fact = Fact::lacking}; }

Finding system_fault(int error) {
  const bool of_us = std::ranges::find(ours, error) != ours.end();
  return {.fact = of_us ? Fact::unable : Fact::system, .number = error};
}

std::string describe(const Finding& finding, microseconds latency) {
  return printers[static_cast<std::size_t>(finding.fact)](finding, latency) + finding.text;
}

std::string print_duration(microseconds time) {
  const auto us = time.count();
  if (us < 10'000) return fmt::format("{}.{} ms", us / 1000, us % 1000 / 100);
  if (us < 1'000'000) return fmt::format("{} ms", us / 1000);
  if (us % 1'000'000 == 0) return fmt::format("{} s", us / 1'000'000);
  return fmt::format("{:.1f} s", static_cast<double>(us) / 1e6);
}

std::string clean(std::string_view foreign, std::size_t longest) {
  std::string text;
  for (const char c : foreign.substr(0, longest)) text += c >= ' ' && c <= '~' ? c : '.';
  while (!text.empty() && (text.back() == ' ' || text.back() == '.')) text.pop_back();
  if (foreign.size() > longest) text += "...";
  return text;
}

}  // namespace keepalive::probe
