#include "sync/io/answerer.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <map>
#include <optional>
#include <set>
#include <unordered_set>
#include <utility>

#include "sync/anteroom.hpp"
#include "sync/io/accept.hpp"
#include "sync/io/secure.hpp"

namespace ipvs::sync {
namespace {

using asio::use_awaitable;
using boost::system::system_error;

constexpr std::size_t most_sessions = 64;
constexpr std::size_t most_unproven = 64;
constexpr std::chrono::seconds to_prove{3};
constexpr std::size_t batch = 1000;  // entries
constexpr std::size_t most_entries_asked = 500'000;
constexpr std::chrono::seconds idle{60};  // from one question to the next

std::vector<Entry> all(const Mirror& mirror) {
  std::vector<Entry> entries;
  entries.reserve(mirror.size());
  mirror.for_each(now(), [&](const Mirror::Held& held) { entries.push_back(held.entry); });
  return entries;
}

std::vector<Entry> some(const Mirror& mirror, const std::vector<std::uint64_t>& hashes) {
  const std::unordered_set<std::uint64_t> wanted{hashes.begin(), hashes.end()};
  std::vector<Entry> entries;
  mirror.for_each(now(), [&](const Mirror::Held& held) {
    if (wanted.contains(fingerprint(held.entry))) entries.push_back(held.entry);
  });
  return entries;
}

}  // namespace

struct Answerer::Desk : std::enable_shared_from_this<Desk> {
  Desk(asio::io_context& loop, std::shared_ptr<Store> ours, std::function<Facts()> told, std::vector<Address> peers)
      : io{loop},
        acceptor{loop},
        store{std::move(ours)},
        facts{std::move(told)},
        anteroom{std::move(peers), most_unproven} {}

  asio::awaitable<void> accept() {
    while (true) {
      std::optional<asio::ip::tcp::socket> socket = co_await accepted(acceptor);
      if (!socket) co_return;
      boost::system::error_code error;
      const auto from = socket->remote_endpoint(error);
      if (!error) admit(std::move(*socket), plain(from.address()));
    }
  }

  void admit(asio::ip::tcp::socket socket, const Address& from) {
    const auto [ticket, out] = anteroom.come(from);
    const auto peer = std::make_shared<Conversation>(std::move(socket), context);
    unproven.emplace(ticket, peer);
    if (out) {
      ++counts.pushed_out;
      unproven.extract(*out).mapped()->close();
    }
    asio::co_spawn(io, serve(shared_from_this(), peer, ticket), asio::detached);
  }

  /// Whether it was still there.
  bool leave(Anteroom::Ticket ticket) {
    anteroom.leave(ticket);
    return unproven.erase(ticket) != 0;
  }

  static asio::awaitable<void> serve(std::shared_ptr<Desk> self, std::shared_ptr<Conversation> peer,
                                     Anteroom::Ticket ticket) {
    try {
      co_await peer->shake_hands(asio::ssl::stream_base::server, to_prove);
    } catch (const system_error&) {
      if (self->leave(ticket)) ++self->counts.refused;
      co_return;
    }
    if (!self->leave(ticket)) co_return;
    if (self->sessions.size() == most_sessions) {
      ++self->counts.refused;
      co_return;
    }
    ++self->counts.sessions;
    self->sessions.insert(peer);
    try {
      while (self->acceptor.is_open()) {
        Talk question = co_await peer->hear(idle);
        if (self->acceptor.is_open()) co_await self->answer(*peer, std::move(question));
      }
    } catch (const system_error& fault) {
      if (fault.code() == boost::system::errc::bad_message) ++self->counts.refused;
    }
    self->sessions.erase(peer);
  }

  asio::awaitable<void> answer(Conversation& peer, Talk question) {
    if (std::holds_alternative<AskResync>(question)) {
      co_await resync(peer);
      co_return;
    }
    Talk told = answer_to(question);
    co_await peer.say(std::move(told));
    const auto* const hello = std::get_if<Hello>(&question);
    if (hello != nullptr && !objection(*hello).empty())  // who has our version now knows why
      throw system_error{make_error_code(boost::system::errc::bad_message)};
  }

  /// Nobody is answered any more; who asked goes by the secrets of then.
  void close() {
    acceptor.close();
    facts = {};
    for (const auto& [ticket, peer] : unproven) peer->close();
    for (const auto& peer : sessions) peer->close();
  }

  Talk answer_to(const Talk& question) const {
    if (std::holds_alternative<Hello>(question)) return Hello{.facts = facts()};
    if (const auto* ask = std::get_if<AskParity>(&question)) {
      const Snapshot snapshot{store->mirror(), now()};
      return Parity{snapshot.size(), snapshot.differing(ask->digest)};
    }
    if (const auto* wanted = std::get_if<AskEntries>(&question)) {
      const bool fine = donate && wanted->hashes.size() <= most_entries_asked;
      return Entries{fine ? some(store->mirror(), wanted->hashes) : std::vector<Entry>{}};
    }
    if (const auto* ask = std::get_if<AskProbe>(&question)) {
      store->probe(sync::answer_to(ask->token));
      return Probed{store->heard(ask->token)};
    }
    throw system_error{make_error_code(boost::system::errc::bad_message)};
  }

  asio::awaitable<void> resync(Conversation& peer) {
    if (!donate) {
      Talk refusal = ResyncEnd{0, "this director gives no connections (resync = no)"};
      co_await peer.say(std::move(refusal));
      co_return;
    }
    ++counts.resyncs;
    const std::vector<Entry> entries = all(store->mirror());
    asio::steady_timer pace{io};
    const auto start = std::chrono::steady_clock::now();
    for (std::size_t i = 0; i < entries.size(); i += batch) {
      const auto first = entries.begin() + static_cast<std::ptrdiff_t>(i);
      const auto last = entries.begin() + static_cast<std::ptrdiff_t>(std::min(i + batch, entries.size()));
      Talk some = Batch{std::vector<Entry>(first, last)};
      co_await peer.say(std::move(some));
      counts.given += static_cast<std::uint64_t>(last - first);
      pace.expires_at(start + std::chrono::microseconds{(i + batch) * 1'000'000 / rate});
      co_await pace.async_wait(use_awaitable);
    }
    Talk end = ResyncEnd{entries.size()};
    co_await peer.say(std::move(end));
  }

  asio::io_context& io;
  asio::ip::tcp::acceptor acceptor;
  std::shared_ptr<Store> store;
  std::function<Facts()> facts;
  std::shared_ptr<asio::ssl::context> context = nullptr;
  Anteroom anteroom;
  std::map<Anteroom::Ticket, std::shared_ptr<Conversation>> unproven = {};
  std::set<std::shared_ptr<Conversation>> sessions = {};
  bool donate = true;
  std::uint32_t rate = 50'000;
  ChannelCounts counts = {};
};

tl::expected<std::unique_ptr<Answerer>, std::string> Answerer::open(asio::io_context& io, const AgentSettings& settings,
                                                                    std::shared_ptr<Store> store,
                                                                    std::function<Facts()> facts) {
  auto context = secure_context(settings, Side::answers);
  if (!context) return tl::unexpected{context.error()};
  std::vector<Address> peers;
  for (const Endpoint& peer : settings.peers) peers.push_back(peer.address);
  const auto desk = std::make_shared<Desk>(io, std::move(store), std::move(facts), std::move(peers));
  desk->context = *context;
  desk->donate = settings.donate;
  desk->rate = settings.resync_rate;
  try {
    const auto at = tcp(*settings.listen);
    desk->acceptor.open(at.protocol());
    desk->acceptor.set_option(asio::ip::tcp::acceptor::reuse_address{true});
    desk->acceptor.bind(at);
    desk->acceptor.listen();
  } catch (const system_error& fault) {
    return tl::unexpected{"cannot listen at " + to_string(*settings.listen) + ": " + fault.code().message()};
  }
  asio::co_spawn(
      io, [desk] { return desk->accept(); }, asio::detached);
  return std::unique_ptr<Answerer>{new Answerer{desk}};
}

Answerer::~Answerer() { desk_->close(); }

const ChannelCounts& Answerer::counts() const { return desk_->counts; }

void Answerer::use(bool donate, std::uint32_t rate) {
  desk_->donate = donate;
  desk_->rate = rate;
}

}  // namespace ipvs::sync
