#include "sync/io/agent.hpp"

#include <net/if.h>

#include <boost/asio/steady_timer.hpp>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "sync/io/answerer.hpp"
#include "sync/io/asker.hpp"
#include "sync/io/capture.hpp"
#include "sync/io/desk.hpp"
#include "sync/io/facts.hpp"
#include "sync/io/kernel_list.hpp"
#include "sync/io/relay_socket.hpp"
#include "sync/io/requests.hpp"
#include "sync/io/secure.hpp"
#include "sync/io/store.hpp"

namespace ipvs::sync {
namespace {

using namespace std::chrono_literals;

constexpr auto report_interval = 1s;
constexpr std::size_t ageing_rounds = 10;  // reports in which the whole mirror is looked through

}  // namespace

struct Agent::Desk : std::enable_shared_from_this<Desk> {
  Desk(asio::io_context& loop, AgentSettings wanted)
      : io{loop},
        settings{std::move(wanted)},
        store{std::make_shared<Store>(settings.line)},
        clock{loop},
        feeder{loop} {}

  void start() {
    index = ::if_nametoindex(settings.line.interface.c_str());
    open();
    const bool channel = settings.listen || !settings.peers.empty();
    if (channel) open_channel();
    if (settings.relay) open_relay();
    if (!settings.socket.empty()) open_desk();
    tick();
  }

  // ---- Parts; each that cannot be had now is tried again every second

  void open() {
    if (!capture && index == 0 && was_there)
      return fail("capture", "interface " + settings.line.interface + " has gone");
    if (!capture) {
      auto opened = Capture::open(io, settings.line);
      if (!opened) return fail("capture", opened.error());
      capture.emplace(std::move(*opened));
      capture->start([this](const Heard& heard) { hear(heard); });
      fail("capture", {});
      was_there = true;
    }
    if (!store->usable()) {
      auto opened = Injector::open(settings.line);
      if (!opened) return fail("injector", opened.error());
      store->use(std::move(*opened));
      fail("injector", {});
    }
    if (!settings.relay && !store->probing()) {
      auto opened = GroupSocket::open(settings.line, Loop::no, hops());
      if (!opened) return fail("prober", opened.error());
      store->use(std::move(*opened));
      fail("prober", {});
    }
    if (!list || unread) read_list();
  }

  void read_list() {
    unread = false;
    list = std::make_unique<KernelList>(
        io, [ours = store](const std::vector<Entry>& entries) { ours->know(entries); },
        [this](const std::string& fault) {
          fail("first reading", fault);
          unread = !fault.empty();
          if (!unread) store->completed();
        });
  }

  /// As far as the kernel's own daemon sends.
  std::uint8_t hops() const {
    const bool known = settings.daemons && !settings.daemons->empty() && settings.daemons->front().ttl != 0;
    return known ? settings.daemons->front().ttl : 1;
  }

  void open_channel() {
    if (settings.listen && !answerer) {
      auto opened = Answerer::open(io, settings, store, [this] { return facts(); });
      if (opened) answerer = std::move(*opened);
      fail("answerer", opened ? "" : opened.error());
    }
    if (!askers.empty() || settings.peers.empty()) return;
    const auto context = secure_context(settings, Side::asks);
    fail("channel", context ? "" : context.error());
    if (!context) return;
    for (const Endpoint& peer : settings.peers) askers.push_back(std::make_unique<Asker>(io, *context, peer, store));
  }

  void open_relay() {
    if (relay) return;
    auto opened = RelaySocket::open(io, settings, [this](const std::string& datagram) {
      store->bring(datagram);
      feed();
    });
    if (opened) relay = std::move(*opened);
    fail("relay", opened ? "" : opened.error());
  }

  void open_desk() {
    if (desk) return;
    auto opened =
        ControlDesk::open(io, settings.socket, [this](const std::string& request) { return answer(request); });
    if (opened) desk = std::move(*opened);
    fail("socket", opened ? "" : opened.error());
  }

  void fail(const std::string& part, const std::string& fault) {
    if (fault.empty())
      faulty.erase(part);
    else
      faulty[part] = fault;
  }

  // ---- Work

  void hear(const Heard& heard) {
    store->hear(heard.datagram, heard.source, heard.own);
    if (heard.own && relay) relay->send(heard.datagram);
  }

  void feed() {
    if (feeding || !store->work()) return;
    feeding = true;
    feeder.expires_after(Injector::pause);
    feeder.async_wait([self = shared_from_this()](const boost::system::error_code& error) {
      self->feeding = false;
      if (!error && !self->over) self->feed();
    });
  }

  /// The sockets belong to an interface; one of the same name that is made anew is another.
  void look_at_interface() {
    const unsigned found = ::if_nametoindex(settings.line.interface.c_str());
    if (std::exchange(index, found) == found) return;
    capture.reset();
    store->leave();
  }

  void tick() {
    look_at_interface();
    open();
    open_channel();
    if (settings.relay) open_relay();
    if (!settings.socket.empty()) open_desk();
    feed();
    const bool listens = store->listening();
    if (listens && !listened)  // the kernel has only what was said since
      for (const auto& asker : askers) asker->hurry(true);
    listened = listens;
    store->mirror().age(now(), store->mirror().buckets() / ageing_rounds + 1);
    if (capture) missed += capture->missed();
    if (told) told(report());
    clock.expires_after(report_interval);
    clock.async_wait([self = shared_from_this()](const boost::system::error_code& error) {
      if (!error && !self->over) self->tick();
    });
  }

  Facts facts() const {
    Facts ours = read_facts(settings.line.interface, settings.daemons);
    if (!settings.host.empty()) ours.host = settings.host;
    ours.relay = settings.relay;
    ours.connections = store->mirror().size();
    return ours;
  }

  Report report() const {
    Report report{.connections = store->mirror().size(), .listening = store->listening(), .missed = missed};
    for (const auto& [part, fault] : faulty) report.faults.push_back(fault);
    if (const Injector* const injector = store->injector()) {
      report.given = injector->given();
      report.waiting = injector->waiting();
      report.dropped = injector->dropped();
      report.rejects.overdue = injector->overdue();
    }
    report.rejects.unreadable = store->unreadable();
    if (relay) {
      report.rejects.strangers = relay->strangers();
      report.rejects.overrun = relay->overrun();
    }
    if (answerer) report.channel = answerer->counts();
    if (list) {
      report.start_read = list->entries();
      report.start_read_ms = static_cast<std::uint64_t>(list->took().count());
    }
    for (const auto& asker : askers) report.peers.push_back(report_of(*asker));
    return report;
  }

  PeerReport report_of(const Asker& asker) const {
    PeerReport peer = asker.report();
    if (!relay) return peer;
    const RelayEnd& end = relay->end(peer.peer);
    peer.relay_up = end.up(micros_now());
    peer.round_trip_us = static_cast<std::uint64_t>(end.round_trip().count());
    peer.lag_us = static_cast<std::uint64_t>(end.lag().count());
    peer.relay = end.counts();
    return peer;
  }

  std::string answer(const std::string& request);

  asio::io_context& io;
  AgentSettings settings;
  std::shared_ptr<Store> store;
  asio::steady_timer clock;
  asio::steady_timer feeder;
  std::optional<Capture> capture = std::nullopt;
  std::unique_ptr<Answerer> answerer = nullptr;
  std::vector<std::unique_ptr<Asker>> askers = {};
  std::unique_ptr<RelaySocket> relay = nullptr;
  std::unique_ptr<ControlDesk> desk = nullptr;
  std::unique_ptr<KernelList> list = nullptr;
  std::map<std::string, std::string> faulty = {};
  std::function<void(const Report&)> told = {};
  std::uint64_t missed = 0;
  unsigned index = 0;      // of the interface
  bool was_there = false;  // it, at one time
  bool unread = false;     // the list: it is read again
  bool over = false;       // a timer that has fired cannot be cancelled
  bool feeding = false;
  bool listened = false;
};

std::string Agent::Desk::answer(const std::string& request) {
  Requests requests{.report = report(), .facts = facts(), .store = *store, .peers = {}, .hurry = {}};
  for (const auto& asker : askers) requests.peers.push_back({asker->facts(), asker->comparison()});
  requests.hurry = [this](bool resync) {
    for (const auto& asker : askers) asker->hurry(resync);
  };
  return sync::answer(request, requests);
}

Agent::Agent(asio::io_context& io, AgentSettings settings) : desk_{std::make_shared<Desk>(io, std::move(settings))} {
  desk_->start();
}

Agent::~Agent() {
  desk_->over = true;
  desk_->told = {};
  desk_->clock.cancel();
  desk_->feeder.cancel();
  desk_->capture.reset();
  desk_->askers.clear();
  desk_->answerer.reset();
  desk_->relay.reset();
  desk_->desk.reset();
  desk_->list.reset();
}

void Agent::on_report(std::function<void(const Report&)> told) { desk_->told = std::move(told); }

std::string Agent::answer(const std::string& question) { return desk_->answer(question); }

Report Agent::report() const { return desk_->report(); }

bool Agent::can_use(const AgentSettings& settings) const {
  AgentSettings same = settings;
  const AgentSettings& ours = desk_->settings;
  same.daemons = ours.daemons;
  same.donate = ours.donate;
  same.resync_rate = ours.resync_rate;
  same.secrets = ours.secrets;
  return same == ours;
}

void Agent::use(const AgentSettings& settings) {
  const bool secrets = settings.secrets != desk_->settings.secrets;
  desk_->settings = settings;
  if (desk_->answerer) desk_->answerer->use(settings.donate, settings.resync_rate);
  if (!secrets) return;
  if (desk_->relay) desk_->relay->use(settings.secrets);
  desk_->askers.clear();
  desk_->answerer.reset();
  desk_->open_channel();
}

}  // namespace ipvs::sync
