#include "sync/render.hpp"

#include <fmt/format.h>

#include <boost/json.hpp>

#include "sync/states.hpp"

namespace ipvs::sync {
namespace {

namespace json = boost::json;

std::string_view word(const json::object& all, std::string_view name) {
  const json::value* const value = all.if_contains(name);
  return value != nullptr && value->is_string() ? std::string_view{value->get_string()} : std::string_view{};
}

std::uint64_t number(const json::object& all, std::string_view name) {
  const json::value* const value = all.if_contains(name);
  return value != nullptr && value->is_number() ? value->to_number<std::uint64_t>() : 0;
}

bool flag_of(const json::object& all, std::string_view name) {
  const json::value* const value = all.if_contains(name);
  return value != nullptr && value->is_bool() && value->get_bool();
}

json::array list(const json::object& all, std::string_view name) {
  const json::value* const value = all.if_contains(name);
  return value != nullptr && value->is_array() ? value->get_array() : json::array{};
}

std::string parity_line(const json::object& peer) {
  const json::value* const parity = peer.if_contains("parity");
  if (parity == nullptr || !parity->is_object()) return "  parity     not compared yet\n";
  const json::object& told = parity->get_object();
  return fmt::format("  parity     {:.1f} %: {} on both, {} only here, {} only there; {} s ago, {} bytes, {} ms\n",
                     told.at("percent").to_number<double>(), number(told, "common"), number(told, "only_here"),
                     number(told, "only_there"), number(told, "age_ms") / 1000, number(told, "bytes"),
                     number(told, "took_ms"));
}

std::string resync_line(const json::object& peer) {
  const std::string_view state = word(peer, "resync");
  if (state == "done")
    return fmt::format("  resync     {} connections in {} ms\n", number(peer, "resynced"), number(peer, "resync_ms"));
  if (state == "asked") return "  resync     begins\n";
  if (state == "runs") return fmt::format("  resync     runs: {} connections so far\n", number(peer, "resynced"));
  if (state == "waits") return "  resync     waits for the kernel's backup daemon\n";
  if (state == "refused") return fmt::format("  resync     refused: {}\n", word(peer, "refusal"));
  return "";
}

std::string relay_line(const json::object& peer) {
  const json::value* const relay = peer.if_contains("relay");
  if (relay == nullptr || !relay->is_object()) return "";
  const json::object& told = relay->get_object();
  if (!flag_of(told, "up") && number(told, "sent") + number(told, "delivered") + number(told, "unsent") == 0) return "";
  std::string dropped;
  if (const json::value* const reasons = told.if_contains("dropped"); reasons != nullptr && reasons->is_object())
    for (const auto& [name, count] : reasons->get_object())
      if (count.to_number<std::uint64_t>() != 0)
        dropped += fmt::format(" {} {}", std::string_view{name}, count.to_number<std::uint64_t>());
  return fmt::format(
      "  relay      {}: {} sent, {} sent again, {} delivered, {} lost, {} us there and back, {} us behind{}{}\n",
      flag_of(told, "up") ? "up" : "down", number(told, "sent"), number(told, "resent"), number(told, "delivered"),
      number(told, "lost"), number(told, "round_trip_us"), number(told, "lag_us"),
      dropped.empty() ? "" : "; dropped:", dropped);
}

const json::object* object(const json::object& all, std::string_view name) {
  const json::value* const value = all.if_contains(name);
  return value != nullptr && value->is_object() ? &value->get_object() : nullptr;
}

/// What is not 0 in an object of counts; nothing when all are.
std::string counts_line(std::string_view title, const json::object& all, std::string_view name) {
  const json::object* const counts = object(all, name);
  std::string text;
  if (counts == nullptr) return text;
  for (const auto& [reason, count] : *counts)
    if (count.to_number<std::uint64_t>() != 0)
      text += fmt::format("{}{} {}", text.empty() ? "" : ", ", std::string_view{reason}, number(*counts, reason));
  return text.empty() ? text : fmt::format("{}: {}\n", title, text);
}

/// Only when there were others than peers.
std::string channel_line(const json::object& all) {
  const json::object* const channel = object(all, "channel");
  const bool quiet = channel == nullptr || number(*channel, "refused") + number(*channel, "pushed_out") == 0;
  return quiet ? "" : counts_line("channel", all, "channel");
}

/// By multicast: whether each hears the other.
std::string probe_line(const json::object& peer) {
  if (!peer.contains("reaches") && !peer.contains("reached")) return "";
  const auto word = [&](std::string_view name) {
    return !peer.contains(name) ? "not known" : flag_of(peer, name) ? "yes" : "NO";
  };
  return fmt::format("  multicast  comes there: {}, comes here: {}\n", word("reaches"), word("reached"));
}

std::string connection_text(const json::object& peer) {
  if (flag_of(peer, "connected")) return fmt::format("({})", word(peer, "host"));
  const std::string_view fault = word(peer, "fault");
  return fault.empty() ? "not connected yet" : fmt::format("not connected: {}", fault);
}

std::string status_text(const json::object& all) {
  std::string text = fmt::format(
      "{}: {} connections, {} in the kernel; backup daemon {}; {} datagrams given to the kernel, {} waiting, {} "
      "dropped by it\n",
      word(all, "host"), number(all, "connections"), number(all, "kernel"),
      flag_of(all, "backup_daemon") ? "listens" : "does not run", number(all, "given"), number(all, "waiting"),
      number(all, "dropped"));
  if (number(all, "missed") != 0)
    text += fmt::format("{} datagrams came faster than they were read\n", number(all, "missed"));
  text += counts_line("kept from the kernel", all, "rejected") + channel_line(all);
  for (const json::value& fault : list(all, "faults"))
    text += fmt::format("fault: {}\n", std::string_view{fault.get_string()});
  for (const json::value& one : list(all, "peers")) {
    const json::object& peer = one.get_object();
    text += fmt::format("peer {} {}\n", word(peer, "peer"), connection_text(peer));
    text += parity_line(peer) + resync_line(peer) + probe_line(peer) + relay_line(peer);
  }
  return text;
}

std::string findings_text(const json::object& all) {
  const json::array findings = list(all, "findings");
  if (findings.empty()) return "nothing found\n";
  std::string text;
  for (const json::value& one : findings) {
    const json::object& finding = one.get_object();
    text += fmt::format("{} {}\n      {}\n", flag_of(finding, "fatal") ? "FAULT" : "note ", word(finding, "what"),
                        word(finding, "remedy"));
  }
  return text;
}

std::string differences_text(const json::object& all) {
  std::string text;
  for (const json::value& one : list(all, "peers")) {
    const json::object& peer = one.get_object();
    if (!flag_of(peer, "compared")) {
      text += fmt::format("{}: not compared yet\n", word(peer, "peer"));
      continue;
    }
    text += fmt::format("not at {}; {} only there\n", word(peer, "peer"), number(peer, "only_there"));
    for (const json::value& entry : list(peer, "only_here")) {
      const json::object& told = entry.get_object();
      text += fmt::format("  {} {} -> {} -> {} {}\n", word(told, "protocol"), word(told, "client"),
                          word(told, "virtual"), word(told, "server"), word(told, "state"));
    }
  }
  return text.empty() ? "no peers\n" : text;
}

std::string connections_text(const json::object& all) {
  std::string text;
  const std::string_view by = word(all, "by");
  for (const json::value& one : list(all, "top"))
    text += fmt::format("{:>9}  {}\n", number(one.get_object(), "connections"), word(one.get_object(), by));
  return text + fmt::format("{} different {}s\n", number(all, "different"), by);
}

json::object parsed(std::string_view answer) {
  boost::system::error_code error;
  const json::value value = json::parse(json::string_view{answer.data(), answer.size()}, error);
  return !error && value.is_object() ? value.get_object() : json::object{};
}

std::string entry_text(const Entry& entry) {
  return fmt::format("{} {} -> {} -> {} {}{}{}{}", protocol_name(entry.protocol), to_string(entry.client),
                     to_string(entry.virtual_endpoint), to_string(entry.destination), state_name(entry),
                     entry.is_template() ? " template" : "",
                     entry.fwmark != 0 ? fmt::format(" mark {}", entry.fwmark) : "",
                     entry.timeout != 0 ? fmt::format(" {} s", entry.timeout) : "");
}

Outcome outcome_at(Verb verb, const json::object& peer, std::chrono::milliseconds since) {
  constexpr std::chrono::seconds patience{15};  // more than from one comparison to the next
  const std::string_view resync = word(peer, "resync");
  if (!flag_of(peer, "connected")) return Outcome::failed;
  if (resync == "asked" || resync == "runs") return Outcome::goes_on;
  if (verb == Verb::resync) return resync == "done" ? Outcome::happened : Outcome::failed;
  const json::object* const parity = object(peer, "parity");
  if (parity != nullptr && number(*parity, "age_ms") <= static_cast<std::uint64_t>(since.count()))
    return Outcome::happened;
  return since < patience ? Outcome::goes_on : Outcome::failed;
}

}  // namespace

std::string text_of(const Datagram& datagram, const Endpoint& source, bool own) {
  std::string text = fmt::format("{}{} version {} id {}: {} entries\n", to_string(source), own ? " (own)" : "",
                                 datagram.version, datagram.id, datagram.entries.size());
  for (const Entry& entry : datagram.entries) {
    text += "  " + entry_text(entry);
    if (entry.extras && entry.extras->shifts) text += " shifted";
    if (entry.extras && !entry.extras->engine.empty()) text += fmt::format(" by {}", entry.extras->engine);
    text += "\n";
  }
  return text;
}

std::string json_of(const Datagram& datagram, const Endpoint& source, bool own) {
  json::array entries;
  for (const Entry& entry : datagram.entries) {
    json::object one{{"protocol", protocol_name(entry.protocol)},
                     {"client", to_string(entry.client)},
                     {"virtual", to_string(entry.virtual_endpoint)},
                     {"server", to_string(entry.destination)},
                     {"state", state_name(entry)},
                     {"flags", entry.flags},
                     {"mark", entry.fwmark},
                     {"timeout", entry.timeout},
                     {"template", entry.is_template()}};
    if (entry.extras && !entry.extras->engine.empty()) {
      one["engine"] = entry.extras->engine;
      one["engine_data"] = entry.extras->engine_data;
    }
    entries.push_back(std::move(one));
  }
  return json::serialize(json::object{{"source", to_string(source)},
                                      {"own", own},
                                      {"version", datagram.version},
                                      {"id", datagram.id},
                                      {"entries", entries}}) +
         "\n";
}

std::string table_of(const Traffic& traffic, const Traffic& before, Time now) {
  std::string text =
      fmt::format("{:<24} {:>3} {:>2} {:>10} {:>10} {:>9} {:>7} {:>6} {:>5} {:>6} {:>9}\n", "SENDER", "ID", "V",
                  "ENTRIES/s", "ENTRIES", "BYTES/s", "LARGEST", "LATE", "GAPS", "FAULTY", "SILENT");
  for (const auto& [source, sender] : traffic.senders()) {
    const auto was = before.senders().find(source);
    const Sender last = was != before.senders().end() ? was->second : Sender{};
    std::uint64_t faulty = 0;
    for (const std::uint64_t count : sender.faulty) faulty += count;
    text += fmt::format("{:<24} {:>3} {:>2} {:>10} {:>10} {:>9} {:>7} {:>6} {:>5} {:>6} {:>7} s\n",
                        to_string(source) + (sender.own ? "*" : ""), sender.id, sender.version,
                        sender.entries - last.entries, sender.entries, sender.bytes - last.bytes, sender.largest,
                        sender.late, sender.gaps, faulty, (now - sender.last).count() / 1000);
  }
  return text;
}

std::string render(Verb verb, std::string_view answer) {
  const json::object all = parsed(answer);
  switch (verb) {
    case Verb::doctor:
      return findings_text(all);
    case Verb::differences:
      return differences_text(all);
    case Verb::connections:
      return connections_text(all);
    default:
      return status_text(all);
  }
}

bool alarming(Verb verb, std::string_view answer) {
  const json::object all = parsed(answer);
  if (verb != Verb::doctor) return all.contains("error");
  for (const json::value& one : list(all, "findings"))
    if (flag_of(one.get_object(), "fatal")) return true;
  return false;
}

Outcome outcome(Verb verb, std::string_view status, std::chrono::milliseconds since) {
  Outcome all = Outcome::happened;
  const json::array peers = list(parsed(status), "peers");
  if (peers.empty()) return Outcome::failed;
  for (const json::value& peer : peers) {
    const Outcome one = outcome_at(verb, peer.get_object(), since);
    if (one == Outcome::goes_on) return one;
    if (one == Outcome::failed) all = one;
  }
  return all;
}

}  // namespace ipvs::sync
