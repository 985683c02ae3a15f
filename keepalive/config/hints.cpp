#include "config/hints.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>

#include "base/diagnostics.hpp"

namespace keepalive::config {
namespace {

struct Alias {
  std::string_view word;
  std::string_view here;
};
constexpr auto keys_of_keepalived = std::to_array<Alias>({{"lvs_method", "forward"},
                                                          {"lb_kind", "forward"},
                                                          {"lvs_sched", "scheduler"},
                                                          {"lb_algo", "scheduler"},
                                                          {"delay_loop", "interval"},
                                                          {"real_server", "server"},
                                                          {"connect_timeout", "timeout"},
                                                          {"connect_ip", "address"},
                                                          {"connect_port", "port"},
                                                          {"bindto", "source"},
                                                          {"bind_port", "source_port"},
                                                          {"bind_if", "interface"},
                                                          {"retry", "fall"},
                                                          {"delay_before_retry", "interval_failing"},
                                                          {"warmup", "jitter"},
                                                          {"status_code", "status"},
                                                          {"regex", "body"},
                                                          {"regex_no_match", "body_not"},
                                                          {"regex_min_offset", "body_from"},
                                                          {"regex_max_offset", "body_to"},
                                                          {"misc_path", "command"},
                                                          {"misc_timeout", "timeout"},
                                                          {"misc_dynamic", "dynamic_weight"},
                                                          {"alpha", "start"},
                                                          {"omega", "notify_at_stop"},
                                                          {"inhibit_on_failure", "on_failure"},
                                                          {"quorum_up", "on_quorum_up"},
                                                          {"quorum_down", "on_quorum_down"},
                                                          {"notify_up", "on_up"},
                                                          {"notify_down", "on_down"},
                                                          {"uthreshold", "upper"},
                                                          {"lthreshold", "lower"},
                                                          {"ops", "one_packet"},
                                                          {"persistence_timeout", "persistence"},
                                                          {"persistence_granularity", "persistence_mask"},
                                                          {"smtp_alert", "alerts"},
                                                          {"smtp_server", "mail_server"},
                                                          {"notification_email", "mail_to"},
                                                          {"notification_email_from", "mail_from"},
                                                          {"log_all_failures", "log_failures"},
                                                          {"lvs_flush", "at_start"}});
constexpr auto words_of_others = std::to_array<Alias>(
    {{"masq", "nat"}, {"masquerading", "nat"}, {"gate", "dr"}, {"gatewaying", "dr"}, {"tun", "tunnel"}});

template <class Table>
std::string_view here(const Table& table, std::string_view word) {
  std::string small{word};
  std::ranges::transform(small, small.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  const auto* const found = std::ranges::find(table, small, &Alias::word);
  return found == table.end() ? std::string_view{} : found->here;
}

bool is_letter(char c) { return std::isalpha(static_cast<unsigned char>(c)) != 0; }
bool is_digit(char c) { return std::isdigit(static_cast<unsigned char>(c)) != 0; }

}  // namespace

std::string place_hint(std::string_view word) {
  constexpr std::size_t digits_of_port = 5;
  const std::size_t colon = std::min(word.rfind(':'), word.size());
  const std::string_view name = word.substr(0, colon);
  const std::string_view port = word.substr(std::min(colon + 1, word.size()));
  const bool number = !port.empty() && std::ranges::all_of(port, is_digit);
  const bool longer = port.size() > digits_of_port && port.front() != '0';
  const bool beyond = port.size() == digits_of_port && port > "65535";
  if (number && (longer || beyond)) return "; a port is at most 65535";
  const bool plain =
      std::ranges::all_of(name, [](char c) { return is_letter(c) || is_digit(c) || c == '-' || c == '.' || c == '_'; });
  if (plain && std::ranges::any_of(name, is_letter)) return "; names are not looked up: write an address";
  return {};
}

std::string comment_hint(std::string_view value) {
  const std::size_t mark = value.find(';');
  const bool joined = mark != std::string_view::npos && mark > 0 && value[mark - 1] != ' ' && value[mark - 1] != '\t';
  return joined ? "; a comment needs a blank before its `;'" : "";
}

std::string_view meant_key(std::string_view word) { return here(keys_of_keepalived, word); }

std::string word_hint(std::string_view word, std::span<const std::string_view> known) {
  const std::string_view other = here(words_of_others, word);
  if (std::ranges::find(known, other) != known.end()) return fmt::format("; did you mean `{}'?", other);
  return base::suggestion(word, known);
}

}  // namespace keepalive::config
