#include "sync/io/requests.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <map>
#include <sstream>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "sync/doctor.hpp"
#include "sync/io/kernel_list.hpp"
#include "sync/states.hpp"

namespace ipvs::sync {
namespace {

namespace json = boost::json;

constexpr std::size_t most_lines = 10'000;

template <class Counts, class Names>
json::object counts_of(const Counts& counts, Names name) {
  json::object all;
  for (std::size_t i = 0; i < counts.size(); ++i) all[name(i)] = counts[i];
  return all;
}

json::object relay_of(const PeerReport& peer) {
  const RelayEnd::Counts& counts = peer.relay;
  return {{"up", peer.relay_up},
          {"round_trip_us", peer.round_trip_us},
          {"lag_us", peer.lag_us},
          {"sent", counts.sent},
          {"unsent", counts.unsent},
          {"resent", counts.resent},
          {"delivered", counts.delivered},
          {"reordered", counts.reordered},
          {"missed", counts.missed},
          {"lost", counts.lost},
          {"dropped", counts_of(counts.dropped, [](std::size_t i) { return to_string(static_cast<Drop>(i)); })}};
}

json::object rejects_of(const Rejects& all) {
  return {
      {"strangers", all.strangers}, {"overrun", all.overrun}, {"unreadable", all.unreadable}, {"overdue", all.overdue}};
}

json::object channel_of(const ChannelCounts& counts) {
  return {{"sessions", counts.sessions},
          {"refused", counts.refused},
          {"pushed_out", counts.pushed_out},
          {"resyncs", counts.resyncs},
          {"given", counts.given}};
}

json::object peer_of(const PeerReport& peer) {
  json::object all{{"peer", to_string(peer.peer)},     {"host", peer.host},
                   {"connected", peer.connected},      {"fault", peer.fault},
                   {"resync", to_string(peer.resync)}, {"resynced", peer.resynced},
                   {"resync_ms", peer.resync_ms},      {"refusal", peer.refusal},
                   {"relay", relay_of(peer)}};
  if (peer.reaches) all["reaches"] = *peer.reaches;
  if (peer.reached) all["reached"] = *peer.reached;
  if (peer.permille)
    all["parity"] =
        json::object{{"percent", *peer.permille / 10.0}, {"common", peer.common}, {"only_here", peer.only_here},
                     {"only_there", peer.only_there},    {"age_ms", peer.age_ms}, {"bytes", peer.compared_bytes},
                     {"took_ms", peer.compared_ms}};
  return all;
}

/// Each server that has connections in the mirror or in the kernel.
std::vector<ServerCount> server_counts(const Store& store) {
  std::map<Address, ServerCount> servers;
  for (const auto& [server, count] : read_counts(service_table())) servers[server].kernel = count;
  store.mirror().for_each(now(), [&](const Mirror::Held& held) {
    if (!held.entry.is_template()) ++servers[held.entry.destination.address].mirror;
  });
  std::vector<ServerCount> list;
  for (auto& [server, count] : servers) {
    count.server = server;
    list.push_back(count);
  }
  return list;
}

json::value status(const Requests& ours, std::istream&) {
  std::uint64_t counted = 0;
  for (const auto& [server, count] : read_counts(service_table())) counted += count;
  const Report& report = ours.report;
  json::array peers;
  for (const PeerReport& peer : report.peers) peers.push_back(peer_of(peer));
  json::array faults;
  for (const std::string& fault : report.faults) faults.push_back(json::string{fault});
  return json::object{{"host", ours.facts.host},
                      {"faults", faults},
                      {"connections", report.connections},
                      {"kernel", counted},
                      {"backup_daemon", report.listening},
                      {"given", report.given},
                      {"waiting", report.waiting},
                      {"dropped", report.dropped},
                      {"missed", report.missed},
                      {"rejected", rejects_of(report.rejects)},
                      {"channel", channel_of(report.channel)},
                      {"first_read", {{"connections", report.start_read}, {"took_ms", report.start_read_ms}}},
                      {"peers", peers}};
}

json::value traffic(const Requests& ours, std::istream&) {
  json::array senders;
  for (const auto& [source, sender] : ours.store.traffic().senders()) {
    senders.push_back(json::object{
        {"sender", to_string(source)},
        {"own", sender.own},
        {"version", sender.version},
        {"id", sender.id},
        {"datagrams", sender.datagrams},
        {"entries", sender.entries},
        {"templates", sender.templates},
        {"bytes", sender.bytes},
        {"largest", sender.largest},
        {"late", sender.late},
        {"gaps", sender.gaps},
        {"longest_gap_ms", sender.longest_gap.count()},
        {"silent_ms", (now() - sender.last).count()},
        {"faulty", counts_of(sender.faulty, [](std::size_t i) { return to_string(static_cast<Fault>(i)); })}});
  }
  return json::object{{"senders", senders}, {"unknown", ours.store.traffic().unknown()}};
}

json::value doctor(const Requests& ours, std::istream&) {
  json::array all;
  const auto add = [&](const std::vector<Finding>& findings) {
    for (const Finding& one : findings)
      all.push_back(json::object{{"fatal", one.fatal}, {"what", one.what}, {"remedy", one.remedy}});
  };
  add(examine(ours.facts));
  if (ours.store.complete()) add(examine(ours.facts, server_counts(ours.store)));
  for (std::size_t i = 0; i < ours.peers.size(); ++i) {
    const PeerReport& peer = ours.report.peers[i];
    if (!peer.connected)
      add({{true, "no channel to " + to_string(peer.peer) + ": " + (peer.fault.empty() ? "not yet" : peer.fault),
            "is the agent there running, is TCP port " + std::to_string(peer.peer.port.value) +
                " open, is the key the same?"}});
    add(examine(ours.facts, peer));
    if (!ours.peers[i].facts) continue;
    add(examine(*ours.peers[i].facts));
    add(examine(ours.facts, *ours.peers[i].facts));
  }
  for (const std::string& fault : ours.report.faults)
    add({{true, fault, "mend it; the agent tries again every second"}});
  return json::object{{"findings", all}};
}

json::value begin(const Requests& ours, bool resync) {
  ours.hurry(resync);
  return json::object{{"begun", true}};
}
json::value compare(const Requests& ours, std::istream&) { return begin(ours, false); }
json::value resync(const Requests& ours, std::istream&) { return begin(ours, true); }

json::object object_of(const Entry& entry) {
  return {{"protocol", protocol_name(entry.protocol)},
          {"client", to_string(entry.client)},
          {"virtual", to_string(entry.virtual_endpoint)},
          {"server", to_string(entry.destination)},
          {"state", state_name(entry)},
          {"template", entry.is_template()}};
}

std::size_t number(std::istream& words, std::size_t otherwise) {
  std::size_t count = otherwise;
  words >> count;
  return std::min(count, most_lines);
}

json::value differences(const Requests& ours, std::istream& words) {
  const std::size_t most = number(words, 100);
  json::array peers;
  for (std::size_t i = 0; i < ours.peers.size(); ++i) {
    const auto& only_here = ours.peers[i].comparison.only_here;
    const std::unordered_set<std::uint64_t> wanted{only_here.begin(), only_here.end()};
    json::array entries;
    ours.store.mirror().for_each(now(), [&](const Mirror::Held& held) {
      if (entries.size() < most && wanted.contains(fingerprint(held.entry))) entries.push_back(object_of(held.entry));
    });
    peers.push_back(json::object{{"peer", to_string(ours.report.peers[i].peer)},
                                 {"compared", ours.report.peers[i].permille.has_value()},
                                 {"only_here", entries},
                                 {"only_there", ours.peers[i].comparison.only_there.size()}});
  }
  return json::object{{"peers", peers}};
}

/// A million connections are counted by their bytes; texts are made of the few that are told.
template <class Name>
json::value most_connections(const Requests& ours, std::string_view by, std::size_t most,
                             Name (*name)(const Entry& entry)) {
  std::unordered_map<Name, std::uint64_t> counts;
  ours.store.mirror().for_each(now(), [&](const Mirror::Held& held) {
    if (!held.entry.is_template()) ++counts[name(held.entry)];
  });
  std::vector<std::pair<Name, std::uint64_t>> rows{counts.begin(), counts.end()};
  const std::size_t told = std::min(most, rows.size());
  std::partial_sort(rows.begin(), rows.begin() + static_cast<std::ptrdiff_t>(told), rows.end(),
                    [](const auto& one, const auto& other) {
                      return one.second != other.second ? one.second > other.second : one.first < other.first;
                    });
  json::array top;
  for (std::size_t i = 0; i < told; ++i)
    top.push_back(json::object{{by, to_string(rows[i].first)}, {"connections", rows[i].second}});
  return json::object{{"by", by}, {"different", rows.size()}, {"top", top}};
}

json::value connections(const Requests& ours, std::istream& words) {
  std::string by = "client";
  words >> by;
  if (by != "client" && by != "server") return json::object{{"error", "connections client, or connections server"}};
  const std::size_t most = number(words, 20);
  if (by == "client")
    return most_connections<Address>(ours, by, most, [](const Entry& entry) { return entry.client.address; });
  return most_connections<Endpoint>(ours, by, most, [](const Entry& entry) { return entry.destination; });
}

struct Question {
  std::string_view word;
  json::value (*answer)(const Requests& ours, std::istream& words);
};
constexpr Question questions[] = {{"status", status},          {"traffic", traffic}, {"doctor", doctor},
                                  {"compare", compare},        {"resync", resync},   {"differences", differences},
                                  {"connections", connections}};

}  // namespace

std::string answer(const std::string& request, const Requests& ours) {
  std::istringstream words{request};
  std::string word;
  words >> word;
  const auto* const question =
      std::find_if(std::begin(questions), std::end(questions), [&](const Question& one) { return one.word == word; });
  const json::value value = question != std::end(questions) ? question->answer(ours, words)
                                                            : json::object{{"error", "no such question: " + word}};
  return json::serialize(value) + "\n";
}

}  // namespace ipvs::sync
