#include "io/counts.hpp"

#include <boost/asio/post.hpp>
#include <cerrno>
#include <memory>
#include <utility>

namespace keepalive::io {
namespace {

constexpr std::size_t slice = 16;  // services without a pause

struct Reading : std::enable_shared_from_this<Reading> {
  Reading(boost::asio::io_context& its_io, ipvs::Client& its_client, std::vector<ipvs::ServiceKey> its_keys,
          std::function<void(const core::CountTable&)> its_done)
      : io{its_io}, client{its_client}, keys{std::move(its_keys)}, done{std::move(its_done)} {}

  void go_on() {
    for (std::size_t i = 0; i < slice && next < keys.size(); ++i) read(keys[next++]);
    if (next == keys.size()) return done(table);
    boost::asio::post(io, [self = shared_from_this()] { self->go_on(); });
  }

  void read(const ipvs::ServiceKey& key) {
    if (!table.contains(key)) {
      const auto service = client.service(key);
      if (!service && service.error().code == ESRCH) table[key];  // no service: no connections
      if (!service) return;
      table[key].stats = service->stats;
    }
    const auto servers = client.destinations(key);
    if (!servers) {
      table.erase(key);
      return;
    }
    core::ServiceCounts& counts = table[key];
    for (const ipvs::DestinationEntry& entry : *servers)
      counts.servers[entry.destination.endpoint] = {
          .active = entry.active_connections, .inactive = entry.inactive_connections, .stats = entry.stats};
  }

  boost::asio::io_context& io;
  ipvs::Client& client;
  std::vector<ipvs::ServiceKey> keys;
  std::function<void(const core::CountTable&)> done;
  std::size_t next = 0;
  core::CountTable table = {};
};

}  // namespace

void read_counts(boost::asio::io_context& io, ipvs::Client& client, std::vector<ipvs::ServiceKey> keys,
                 std::function<void(const core::CountTable&)> done) {
  const auto reading = std::make_shared<Reading>(io, client, std::move(keys), std::move(done));
  boost::asio::post(io, [reading] { reading->go_on(); });
}

void glance_counts(boost::asio::io_context& io, ipvs::Client& client, std::vector<ipvs::ServiceKey> keys,
                   std::function<void(const core::CountTable&)> done) {
  const auto reading = std::make_shared<Reading>(io, client, std::move(keys), std::move(done));
  boost::asio::post(io, [reading] {
    if (const auto all = reading->client.services())
      for (const ipvs::ServiceEntry& one : *all) reading->table[one.service.key].stats = one.stats;
    reading->go_on();
  });
}

}  // namespace keepalive::io
