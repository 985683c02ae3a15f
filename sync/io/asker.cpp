#include "sync/io/asker.hpp"

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <utility>

#include "sync/cipher.hpp"
#include "sync/io/secure.hpp"

namespace ipvs::sync {
namespace {

using asio::use_awaitable;
using boost::system::system_error;
using namespace std::chrono_literals;

constexpr auto retry = 1s;
constexpr auto calm = 10s;  // between comparisons of two that agree
constexpr auto eager = 1s;  // while they do not
constexpr std::uint32_t agreed = 990;
constexpr int probes = 5;
constexpr auto on_its_way = 20ms;             // a probe
constexpr std::size_t most_fetched = 50'000;  // single entries; more of them are a resync
constexpr Time longest_reading{10'000};       // of the kernel, after the last datagram; others go on sending
constexpr std::size_t most_waiting = 200;     // datagrams for the kernel before the next batch is read

std::uint64_t ms_since(Time start) { return static_cast<std::uint64_t>((now() - start).count()); }

[[noreturn]] void unexpected_answer() { throw system_error{make_error_code(boost::system::errc::bad_message)}; }

template <class T>
T expected(Talk&& answer) {
  if (auto* wanted = std::get_if<T>(&answer)) return std::move(*wanted);
  unexpected_answer();
}

}  // namespace

struct Asker::Desk : std::enable_shared_from_this<Desk> {
  Desk(asio::io_context& loop, std::shared_ptr<asio::ssl::context> security, Endpoint to, std::shared_ptr<Store> ours)
      : io{loop}, context{std::move(security)}, timer{loop}, store{std::move(ours)} {
    report.peer = to;
  }

  static asio::awaitable<void> run(std::shared_ptr<Desk> self) {
    while (!self->over) {
      Conversation peer{asio::ip::tcp::socket{self->io}, self->context};
      self->open = &peer;
      try {
        co_await self->talk(peer);
      } catch (const system_error& fault) {
        self->report.fault = self->report.connected ? "the connection ended: " : "";
        self->report.fault += fault.code().message();
        if (self->report.resync == Resync::runs) self->want_resync();  // what came is a part only
      }
      self->open = nullptr;
      self->report.connected = false;
      self->report.reaches.reset();
      self->report.reached.reset();
      co_await self->pause(retry);
    }
  }

  void want_resync() {
    resync_wanted = true;
    report.resync = Resync::asked;
  }

  asio::awaitable<void> pause(std::chrono::milliseconds time) {
    boost::system::error_code ignored;
    timer.expires_after(time);
    co_await timer.async_wait(asio::redirect_error(use_awaitable, ignored));
  }

  asio::awaitable<void> talk(Conversation& peer) {
    co_await peer.connect(tcp(report.peer));
    co_await peer.shake_hands(asio::ssl::stream_base::client);
    Talk hello = Hello{};
    Talk welcome = co_await peer.ask(std::move(hello));
    const auto theirs = expected<Hello>(std::move(welcome));
    report.fault = objection(theirs);
    if (!report.fault.empty()) co_return;
    facts = theirs.facts;
    report.host = facts->host;
    report.connected = true;
    while (!over) {
      co_await compare(peer);
      co_await probe(peer);
      co_await heal(peer);
      if (over) break;
      co_await pause(report.permille.value_or(0) >= agreed ? calm : eager);
    }
  }

  asio::awaitable<void> compare(Conversation& peer) {
    const Time start = now();
    const std::uint64_t bytes = peer.bytes();
    const Snapshot snapshot{store->mirror(), start};
    const Digest digest = snapshot.digest();
    Talk question = AskParity{digest};
    Talk answer = co_await peer.ask(std::move(question));
    const auto parity = expected<Parity>(std::move(answer));
    comparison = snapshot.compare(parity.differing, digest.size());
    compared_at = now();
    report.permille = comparison.permille();
    report.common = comparison.common;
    report.only_here = comparison.only_here.size();
    report.only_there = comparison.only_there.size();
    report.compared_bytes = peer.bytes() - bytes;
    report.compared_ms = ms_since(start);
  }

  /// Whether multicast comes there and here; each way may lose a word.
  asio::awaitable<void> probe(Conversation& peer) {
    if (!store->probing()) co_return;
    const std::uint64_t token = random_number();
    bool reaches = false;
    bool reached = false;
    for (int i = 0; i < probes && !(reaches && reached) && !over; ++i) {
      if (!store->probe(token)) break;
      co_await pause(on_its_way);
      Talk question = AskProbe{token};
      Talk answer = co_await peer.ask(std::move(question));
      reaches = reaches || expected<Probed>(std::move(answer)).heard;
      co_await pause(on_its_way);
      reached = reached || store->heard(answer_to(token));
    }
    report.reaches = reaches;
    report.reached = reached;
  }

  /// Fetches what is missing here, if the kernel would take it.
  asio::awaitable<void> heal(Conversation& peer) {
    if (!store->complete()) co_return;
    const bool all = std::exchange(resync_wanted, false);
    const bool young = healed_at && now() - *healed_at < settled + Time{1000};  // what came is not compared yet
    if (!all && (comparison.only_there.empty() || young)) co_return;
    store->work();
    if (!store->listening()) {
      if (!all && store->mirror().size() > 0) co_return;  // a master has no use for what others hold
      report.resync = Resync::waits;
      resync_wanted = all;
      co_return;
    }
    if (all || comparison.only_there.size() > most_fetched || comparison.permille() < 500) {
      co_await resync(peer);
    } else {
      Talk question = AskEntries{comparison.only_there};
      Talk answer = co_await peer.ask(std::move(question));
      store->give(expected<Entries>(std::move(answer)).entries);
    }
    healed_at = now();
  }

  asio::awaitable<void> resync(Conversation& peer) {
    const Time start = now();
    report.resync = Resync::runs;
    report.resynced = 0;
    bool refused = false;
    Talk question = AskResync{};
    co_await peer.say(std::move(question));
    while (true) {
      Talk answer = co_await peer.hear();
      if (const auto* batch = std::get_if<Batch>(&answer)) {
        store->give(batch->entries);
        report.resynced += batch->entries.size();
        while (store->work() && store->waiting() > most_waiting) co_await pause(Injector::pause);
      } else {
        const auto end = expected<ResyncEnd>(std::move(answer));
        report.refusal = end.refusal;
        refused = !end.refusal.empty();
        break;
      }
    }
    const Time given = now();
    while (!store->taken() && store->listening() && now() - given < longest_reading) {
      store->look_again();
      store->work();
      co_await pause(Injector::pause);
    }
    report.resync_ms = ms_since(start);
    report.resync = refused ? Resync::refused : resync_wanted ? Resync::asked : Resync::done;
  }

  asio::io_context& io;
  std::shared_ptr<asio::ssl::context> context;
  asio::steady_timer timer;
  std::shared_ptr<Store> store;
  PeerReport report = {};
  std::optional<Facts> facts = std::nullopt;
  Snapshot::Comparison comparison = {};
  Time compared_at{0};
  std::optional<Time> healed_at = std::nullopt;
  Conversation* open = nullptr;
  bool resync_wanted = false;
  bool over = false;
};

Asker::Asker(asio::io_context& io, std::shared_ptr<asio::ssl::context> context, Endpoint peer,
             std::shared_ptr<Store> store)
    : desk_{std::make_shared<Desk>(io, std::move(context), peer, std::move(store))} {
  asio::co_spawn(io, Desk::run(desk_), asio::detached);
}

Asker::~Asker() {
  desk_->over = true;
  if (desk_->open != nullptr) desk_->open->close();
  desk_->timer.cancel();
}

PeerReport Asker::report() const {
  PeerReport report = desk_->report;
  if (report.permille) report.age_ms = ms_since(desk_->compared_at);
  return report;
}

const std::optional<Facts>& Asker::facts() const { return desk_->facts; }

const Snapshot::Comparison& Asker::comparison() const { return desk_->comparison; }

void Asker::hurry(bool resync) {
  if (resync) desk_->want_resync();
  desk_->timer.cancel();
}

}  // namespace ipvs::sync
