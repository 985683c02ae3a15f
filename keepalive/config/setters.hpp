// Ready-made setters and printers for the schema's rows, by the member they fill.
#pragma once

#include <fmt/format.h>

#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "config/hints.hpp"
#include "config/named_files.hpp"
#include "config/schema.hpp"
#include "config/values.hpp"

namespace keepalive::config::setters {

inline constexpr std::uint64_t hour = 3'600'000;
inline constexpr std::uint64_t day = 24 * hour;

template <class Value>
struct Word {
  std::string_view word;
  Value value;
};

inline Check& owner(Sink& sink, Check* /*of*/) { return *sink.check; }
inline Pool& owner(Sink& sink, Pool* /*of*/) { return sink.pool->pool; }
inline PoolDraft& owner(Sink& sink, PoolDraft* /*of*/) { return *sink.pool; }
inline VirtualServer& owner(Sink& sink, VirtualServer* /*of*/) { return sink.service->service; }
inline ServiceDraft& owner(Sink& sink, ServiceDraft* /*of*/) { return *sink.service; }
inline ipvs::Service& owner(Sink& sink, ipvs::Service* /*of*/) { return sink.service->service.properties; }
inline ipvs::Tunnel& owner(Sink& sink, ipvs::Tunnel* /*of*/) { return sink.service->service.tunnel; }
inline Vrrp& owner(Sink& sink, Vrrp* /*of*/) { return sink.vrrp->vrrp; }
inline VrrpDraft& owner(Sink& sink, VrrpDraft* /*of*/) { return *sink.vrrp; }
inline vrrp::Instance& owner(Sink& sink, vrrp::Instance* /*of*/) { return sink.vrrp->vrrp.router; }
inline vrrp::Announcing& owner(Sink& sink, vrrp::Announcing* /*of*/) { return sink.vrrp->vrrp.router.announcing; }
inline vrrp::Hmac& owner(Sink& sink, vrrp::Hmac* /*of*/) { return sink.vrrp->vrrp.router.hmac; }
inline vrrp::Heartbeat& owner(Sink& sink, vrrp::Heartbeat* /*of*/) { return sink.heartbeat->heartbeat; }
inline Sync& owner(Sink& sink, Sync* /*of*/) { return *sink.draft.config.sync; }
inline Monitor& owner(Sink& sink, Monitor* /*of*/) { return *sink.draft.config.monitor; }
inline Global& owner(Sink& sink, Global* /*of*/) { return sink.draft.config.global; }
inline Mail& owner(Sink& sink, Mail* /*of*/) { return sink.draft.config.global.mail; }
inline Config& owner(Sink& sink, Config* /*of*/) { return sink.draft.config; }
inline ipvs::Timeouts& owner(Sink& sink, ipvs::Timeouts* /*of*/) { return sink.draft.config.timeouts; }

template <class Class, class Value>
Class* class_of(Value Class::*);
template <auto member>
auto& place(Sink& sink) {
  return owner(sink, static_cast<decltype(class_of(member))>(nullptr)).*member;
}

/// A printer of a check's member; of other sections nothing is printed.
template <auto member, class Print>
std::vector<std::string> printed(const Check& check, Print print) {
  if constexpr (std::is_same_v<decltype(class_of(member)), Check*>) {
    static const Check fresh;
    if (check.*member == fresh.*member) return {};
    return {print(check.*member)};
  } else {
    return {};
  }
}

template <auto member>
constexpr Codec time() {
  return {[](Sink& sink, const Key& key, std::string_view text) -> Fault {
            const auto value = read_time(text);
            const auto low = Milliseconds{key.low};
            const auto high = Milliseconds{key.high};
            if (!value || *value < low || *value > high)
              return fmt::format("wants a time such as 2s or 100ms, from {} to {}{}", print_time(low), print_time(high),
                                 unit_hint(text));
            using Unit = std::decay_t<decltype(place<member>(sink))>;
            const auto rounded = std::chrono::duration_cast<Unit>(*value);
            if (rounded != *value) return "wants whole seconds";
            place<member>(sink) = rounded;
            return {};
          },
          [](const Check& check) {
            return printed<member>(
                check, [](auto value) { return print_time(std::chrono::duration_cast<Milliseconds>(value)); });
          }};
}

template <auto member>
constexpr Codec number() {
  return {
      [](Sink& sink, const Key& key, std::string_view text) -> Fault {
        const auto value = read_number(text, key.low, key.high);
        const std::string_view unit = key.kind == "bytes" ? " of bytes" : "";
        if (!value) return fmt::format("wants a number{} from {} to {}", unit, key.low, key.high);
        place<member>(sink) = static_cast<std::decay_t<decltype(place<member>(sink))>>(*value);
        return {};
      },
      [](const Check& check) { return printed<member>(check, [](auto value) { return fmt::format("{}", value); }); }};
}

template <auto member>
constexpr Codec text() {
  return {
      [](Sink& sink, const Key&, std::string_view value) -> Fault {
        if (value.empty()) return "wants a text";
        place<member>(sink) = value;
        return {};
      },
      [](const Check& check) { return printed<member>(check, [](const auto& value) { return std::string{value}; }); }};
}

/// A text that starts with one of these.
template <auto member, const auto& starts>
constexpr Codec starting() {
  return {[](Sink& sink, const Key&, std::string_view value) -> Fault {
            std::string list;
            for (const std::string_view start : starts) {
              if (value.starts_with(start) && value != start) return place<member>(sink) = value, Fault{};
              list += fmt::format("{}`{}'", list.empty() ? "" : " or ", start);
            }
            return "must start with " + list;
          },
          [](const Check& check) { return printed<member>(check, [](const auto& value) { return value; }); }};
}

template <auto member>
constexpr Codec flag() {
  return {[](Sink& sink, const Key&, std::string_view value) -> Fault {
            if (value != "yes" && value != "no") return "wants `yes' or `no'";
            place<member>(sink) = value == "yes";
            return {};
          },
          [](const Check& check) {
            return printed<member>(check, [](bool value) { return std::string{value ? "yes" : "no"}; });
          },
          [] {
            return std::vector<std::string_view>{"yes", "no"};
          }};
}

/// What to say of a word that is not in the table: "wants `up' or `down'; did you mean `up'?".
template <class Table>
Fault wanted(const Table& table, std::string_view value) {
  std::string list;
  std::vector<std::string_view> known;
  for (const auto& row : table) {
    list += fmt::format("{}`{}'", list.empty() ? "" : &row == &table.back() ? " or " : ", ", row.word);
    known.push_back(row.word);
  }
  return fmt::format("wants {}{}", list, word_hint(value, known));
}

template <auto member, const auto& table>
constexpr Codec word() {
  return {[](Sink& sink, const Key&, std::string_view value) -> Fault {
            for (const auto& row : table)
              if (row.word == value) {
                place<member>(sink) = row.value;
                return {};
              }
            return wanted(table, value);
          },
          [](const Check& check) {
            return printed<member>(check, [](auto value) {
              for (const auto& row : table)
                if (row.value == value) return std::string{row.word};
              return std::string{};
            });
          },
          [] {
            std::vector<std::string_view> all;
            for (const auto& row : table) all.push_back(row.word);
            return all;
          }};
}

/// Bytes with escapes.
template <auto member>
constexpr Codec bytes() {
  return {[](Sink& sink, const Key&, std::string_view value) -> Fault {
            auto plain = read_escaped(value);
            if (!plain) return "wants text with \\r \\n \\t \\0 \\xHH or \\\\ as its only escapes";
            place<member>(sink) = std::move(*plain);
            return {};
          },
          [](const Check& check) {
            return printed<member>(check, [](const std::string& value) { return print_escaped(value); });
          }};
}

template <auto member>
constexpr Codec address() {
  return {
      [](Sink& sink, const Key&, std::string_view value) -> Fault {
        const auto read = ipvs::Address::parse(value);
        if (!read) return "wants an address such as 10.0.0.1 or fd00::1" + place_hint(value);
        place<member>(sink) = *read;
        return {};
      },
      [](const Check& check) { return printed<member>(check, [](const auto& value) { return to_string(*value); }); }};
}

template <auto member>
constexpr Codec port() {
  return {[](Sink& sink, const Key& key, std::string_view value) -> Fault {
            const auto read = read_number(value, key.low, key.high);
            if (!read) return fmt::format("wants a port from {} to {}", key.low, key.high);
            place<member>(sink) = ipvs::Port{static_cast<std::uint16_t>(*read)};
            return {};
          },
          [](const Check& check) {
            return printed<member>(check, [](const auto& value) { return std::to_string(value->value); });
          }};
}

template <auto member>
constexpr Codec command() {
  return {[](Sink& sink, const Key&, std::string_view value) -> Fault {
            auto words = read_words(value);
            if (!words) return "a quote is not closed";
            if (words->empty() || !words->front().starts_with('/'))
              return "wants a program by its whole path, with arguments";
            place<member>(sink).argv = std::move(*words);
            return {};
          },
          [](const Check& check) {
            return printed<member>(check, [](const Command& value) { return print_words(value.argv); });
          }};
}

/// A file's text: `secret` ones may be read by their owner only.
template <auto member, bool secret, Pem pem = Pem::any>
constexpr Codec file() {
  return {[](Sink& sink, const Key&, std::string_view value) -> Fault {
            auto read = read_named(sink.files, value, secret, pem);
            if (!read) return read.error();
            place<member>(sink) = std::move(*read);
            return {};
          },
          // What parse_check() takes for a path is the text.
          [](const Check& check) {
            return printed<member>(check, [](const std::string& value) { return "file:/" + print_escaped(value); });
          }};
}

}  // namespace keepalive::config::setters
