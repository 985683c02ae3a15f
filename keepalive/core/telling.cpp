#include "core/telling.hpp"

#include "core/editing.hpp"
#include "core/facts.hpp"

namespace keepalive::core {

std::string Telling::at(Time time) const { return timestamp(circumstances.boot + time); }

std::optional<std::string> Telling::at(const std::optional<Time>& time) const {
  return time ? std::optional{at(*time)} : std::nullopt;
}

void Telling::tell_config() {
  json.object("config", [&] {
    json.member("path", circumstances.path);
    json.member("loaded", engine.loaded() ? std::optional{at(circumstances.loaded)} : std::nullopt);
    json.member("fault", circumstances.fault.empty() ? std::nullopt : std::optional{circumstances.fault});
    json.member("last_good", circumstances.last_good);
    tell_pending(json, circumstances.pending);
  });
}

void Telling::tell_head(const VirtualServer& service) {
  json.member("name", service.name);
  json.array("keys", [&] {
    for (const ipvs::ServiceKey& key : service.keys) json.value(to_string(key));
  });
  json.member("scheduler", service.properties.scheduler);
  json.member("forward", word(service.forwarding));
  json.member("pool", engine.config().pools[service.pool].name);
  json.member("state", word(engine.pools().view(service.pool)));
}

void Telling::tell_head(std::size_t pool) {
  const PoolView& view = engine.pools().view(pool);
  json.member("name", engine.config().pools[pool].name);
  json.member("quorum", engine.config().pools[pool].quorum);
  json.member("weight_up", view.weight_up);
  json.member("state", word(view));
}

void Telling::tell_head(const vrrp::Heartbeat& heartbeat, const vrrp::LineStatus* line) {
  json.member("name", heartbeat.name);
  json.member("place", place_of(heartbeat));
  json.member("state", line == nullptr ? "unknown" : line->up ? "up" : "silent");
  json.member("since", line != nullptr ? std::optional{at(line->since)} : std::nullopt);
}

void Telling::tell_head(const Sync& sync) {
  json.member("interface", sync.daemons.interface);
  json.member("id", sync.daemons.id.value);
  json.member("follow", sync.daemons.both ? "both" : sync.follow);
}

void Telling::tell_agent() {
  const Syncing& syncing = engine.syncing();
  const auto& report = syncing.report();
  json.member("connected", report ? std::optional{report->connected} : std::nullopt);
  json.member("parity_permille", report ? std::optional{report->parity_permille} : std::nullopt);
  json.member("resync", report ? std::optional{word(report->resync)} : std::nullopt);
  json.member("synced", syncing.synced());
}

void Telling::tell_master(const vrrp::Status* status) {
  if (status == nullptr || !status->master) return json.member("master", nullptr);
  json.object("master", [&] {
    json.member("address", to_string(*status->master));
    json.member("priority", status->master_priority);
  });
}

void Telling::tell_faults(const vrrp::Status* status) {
  json.array("faults", [&] {
    if (status == nullptr) return;
    for (const auto& fault : status->faults)
      json.object([&] {
        json.member("reason", fault.first);
        json.member("since", at(fault.second));
      });
  });
}

void Telling::tell_witness(const vrrp::WitnessStatus& witness) {
  json.object([&] {
    json.member("name", witness.name);
    json.member("interface", witness.interface);
    json.member("answered_at", at(witness.answered));
  });
}

void Telling::tell_texts(std::string_view name, const std::vector<std::string>& texts) {
  json.array(name, [&] {
    for (const std::string& text : texts) json.value(text);
  });
}

}  // namespace keepalive::core
