#include "vrrp/role.hpp"

#include <fmt/format.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <csignal>
#include <cstring>
#include <deque>
#include <map>
#include <memory>
#include <random>
#include <set>

#include "base/bytes.hpp"
#include "core/vrrp/messages.hpp"
#include "core/vrrp/router.hpp"
#include "io/channel.hpp"
#include "io/clock.hpp"
#include "io/log.hpp"
#include "net/edits.hpp"
#include "net/frames.hpp"
#include "net/links.hpp"
#include "net/vrrp_socket.hpp"
#include "vrrp/asker.hpp"
#include "vrrp/outgoing.hpp"
#include "vrrp/places.hpp"
#include "vrrp/statuses.hpp"
#include "vrrp/tracker.hpp"
#include "vrrp/virtual_macs.hpp"
#include "vrrp/ways.hpp"
#include "vrrp/wires.hpp"

namespace keepalive::vrrp_role {
namespace {

using namespace core::vrrp;
using boost::system::error_code;
using io::Level;

constexpr std::size_t most_untold = 1000;
constexpr Time report_every{std::chrono::seconds{1}};
constexpr net::Budget budget{std::chrono::milliseconds{2}};  // of addresses; then an advertisement may be due
constexpr Time shortest_patience{std::chrono::milliseconds{100}};

std::uint64_t random_number() {
  std::random_device device;
  return std::uint64_t{device()} << 32U | device();
}

class Role {
 public:
  Role(int launcher_fd, const std::string& instance)
      : timer_{io_},
        pulse_{io_},
        report_{io_},
        tracker_{io_, [this](const Tracked& news) { handle(news); }},
        macs_{instance, [this](const Holding& made) { tell_launcher(made); }},
        ways_{[this](const Holding& made) { tell_launcher(made); }},
        wires_{io_,
               [this](const std::string& line, std::string_view bytes) {
                 handle(LineHeard{line, std::string{bytes}});
               }},
        asker_{io_, random_number(),
               [this](const std::string& witness, const std::string& interface) {
                 handle(Answered{witness, interface});
               }},
        launcher_{io_, launcher_fd,
                  io::Channel::Handler{[this](std::string_view bytes, int fd) { hear_launcher(bytes, fd); },
                                       [this] { io_.stop(); }}} {}

  int run() {
    auto edits = net::Edits::open();
    auto frames = net::FrameSender::open(io_);
    auto links = net::Links::open(io_, [this](const net::Change& change) { take_change(change); });
    if (!edits || !frames || !links)
      return cannot_run(!edits ? edits.error() : !frames ? frames.error() : links.error());
    edits_ = std::make_unique<net::Edits>(std::move(*edits));
    frames_ = std::make_unique<Outgoing>(std::move(*frames));
    links_ = std::move(*links);
    pulse();
    report();
    io_.run();
    return 0;
  }

 private:
  static int cannot_run(int error) {
    io::log(Level::error, "CANNOT_RUN",
            fmt::format("what=\"network sockets\" error={}", io::quoted(std::strerror(error))));
    return 1;
  }

  // ---- The one function through which everything goes

  void handle(const Event& event) {
    events_.push_back(event);
    if (events_.size() > 1) return;  // an action's answer: the loop below takes it
    while (!events_.empty()) {
      for (const Action& action : router_.step(events_.front(), io::now(), io::boot()))
        std::visit([this](const auto& one) { carry_out(one); }, action);
      events_.pop_front();
    }
    if (router_.finished()) return leave();
    set_timer();
  }

  void leave() {
    macs_.want({});
    macs_.clean(*links_, *edits_);
    io_.stop();
  }

  void set_timer() {
    const auto due = router_.deadline();
    if (due == due_) return;
    due_ = due;
    timer_.cancel();
    if (!due) return;
    timer_.expires_at(io::moment(*due));
    timer_.async_wait([this](const error_code& error) {
      if (error) return;
      const Time late = std::max(io::now() - *due_, Time{0});
      due_.reset();
      said_ = false;
      handle(Tick{});
      if (said_) lateness_.add(late);
    });
  }

  // ---- What the router wants

  void carry_out(const Transmit& order) {
    said_ = true;
    const auto socket = sockets_.find({order.interface, order.envelope.source.family()});
    if (socket == sockets_.end()) return;
    const auto sent = socket->second.socket->send({.source = order.envelope.source,
                                                   .destination = order.envelope.destination,
                                                   .ttl = order.envelope.ttl,
                                                   .bytes = base::as_bytes(order.bytes)});
    if (!sent)
      io::log(Level::info, "VRRP_UNSENT",
              fmt::format("interface={} error={}", order.interface, io::quoted(std::strerror(sent.error()))));
  }

  void carry_out(const Alter& order) {
    const net::Link* const link = links_->find(order.interface);
    Altered done{.order = order, .errors = {}};
    if (link == nullptr) {
      // Without an interface there is nothing to remove.
      done.errors.assign(order.addresses.size(), order.operation == Alter::Operation::add ? ENODEV : 0);
      return handle(done);
    }
    std::vector<net::InterfaceAddress> addresses;
    std::vector<net::HeldAddress> held;
    Holding holding;
    const bool add = order.operation == Alter::Operation::add;
    for (const VirtualAddress& one : order.addresses) {
      addresses.push_back(kernels(one, link->index));
      held.push_back(add ? addresses.back().held : held_form(one, link->index, *links_));
      const net::HeldAddress& form = held.back();
      (add ? holding.more : holding.less).push_back({form.address, form.prefix, form.interface, form.peer});
    }
    if (add) tell_launcher(holding);  // who guards them must know first
    done.errors = add ? edits_->add(addresses, budget) : edits_->remove(held, budget);
    if (!add) tell_launcher(holding);
    handle(done);
  }

  void carry_out(const Announce& order) {
    const net::Link* const link = links_->find(order.interface);
    if (link == nullptr) return;
    frames_->send(link->index, order.frames);
  }

  void carry_out(const Lay& order) {
    ways_.take(order, *links_, *edits_);
    watch_routes();
  }

  void carry_out(const News& news) {
    untold_.push_back(Told{.news = news, .time = io::now()});
    if (untold_.size() > most_untold) untold_.pop_front();
    flush();
    tell_statuses();
  }

  void carry_out(const Speak& order) { wires_.send(order.line, order.bytes); }
  void carry_out(const Ask& order) { asker_.ask(order.witness, order.interface); }

  // ---- The kernel

  void take_change(const net::Change& change) {
    const bool forwards = forwards_ipv6();
    for (const net::Index index : change.links) {
      const net::Link* const link = links_->find(index);
      if (link == nullptr) {
        const auto name = names_.extract(index);
        if (name) lose(name.mapped());
        continue;
      }
      const auto [known, fresh] = names_.try_emplace(index, link->name);
      if (!fresh && known->second != link->name) lose(std::exchange(known->second, link->name));
      handle(LinkIs{link->name, cores(*link, forwards)});
    }
    for (const net::HeldAddress& address : change.addresses)
      if (const auto name = names_.find(address.interface); name != names_.end())
        handle(AddressIs{{name->second, address.address}, links_->holds(address)});
    if (change.routes) tracker_.look_at_routes(*links_);
    ready_ = true;
    if (pending_) return configure(*std::exchange(pending_, std::nullopt));
    attend();
    wires_.open();
  }

  void lose(const std::string& interface) {
    std::erase_if(sockets_, [&](const auto& one) { return one.first.first == interface; });
    std::erase_if(watches_, [&](const auto& one) { return one.first.first == interface; });
    wires_.lose(interface);
    asker_.lose(interface);
    handle(LinkIs{interface, std::nullopt});
  }

  /// What could not be had before may be there now.
  void attend() {
    if (!pending_) macs_.make(*links_, *edits_);
    ways_.mend(*links_, *edits_);
    watch_routes();
    open_sockets();
  }

  /// Whether it is to be told anew how they are.
  bool watch_routes() {
    std::set<net::RouteKey> keys = tracker_.keys();
    keys.merge(ways_.keys());
    if (keys == watched_) return false;
    watched_ = keys;
    links_->watch(std::move(keys));
    return true;
  }

  /// What instances need and is not open yet; what they do not need is closed.
  void open_sockets() {
    std::map<Ear, bool> wanted;  // and whether multicast is heard there
    std::set<Ear> watched;
    for (const auto& [name, one] : router_.instances()) {
      const Instance& instance = one.instance;
      wanted[{device_of(instance), instance.family}] |= instance.peers.empty();
      for (const VirtualAddress& address : instance.addresses) {
        const Place place = place_of(instance, address);
        watched.insert({place.interface, place.address.family()});
      }
    }
    std::erase_if(sockets_, [&](const auto& one) {
      const auto found = wanted.find(one.first);
      return found == wanted.end() || found->second != one.second.multicast;
    });
    std::erase_if(watches_, [&](const auto& one) { return !watched.contains(one.first); });
    for (const auto& [ear, multicast] : wanted)
      if (!sockets_.contains(ear) && links_->find(ear.first) != nullptr) open_socket(ear, multicast);
    for (const Ear& ear : watched)
      if (!watches_.contains(ear) && links_->find(ear.first) != nullptr) open_watch(ear);
  }

  using Ear = std::pair<std::string, ipvs::Family>;

  void open_socket(const Ear& ear, bool multicast) {
    net::VrrpSocket::Setting setting{.interface = ear.first, .family = ear.second};
    if (multicast) setting.group = multicast_group(ear.second);
    auto socket = net::VrrpSocket::open(io_, setting, [this, name = ear.first](const net::Datagram& datagram) {
      handle(Received{name,
                      {.source = datagram.source, .destination = datagram.destination, .ttl = datagram.ttl},
                      std::string{datagram.bytes.begin(), datagram.bytes.end()}});
    });
    if (socket) {
      deaf_.erase(ear);
      sockets_.emplace(ear, Open{std::move(*socket), multicast});
    } else if (std::exchange(deaf_[ear], socket.error()) != socket.error()) {
      io::log(Level::warning, "VRRP_DEAF",
              fmt::format("interface={} error={}", ear.first, io::quoted(std::strerror(socket.error()))));
    }
  }

  void open_watch(const Ear& ear) {
    const auto heard = [this, name = ear.first](const net::Neighbour& neighbour) {
      handle(Seen{{name, neighbour.address}, neighbour.mac});
    };
    auto watch = net::NeighbourWatch::open(io_, links_->find(ear.first)->index, ear.second, heard);
    if (watch) watches_.emplace(ear, std::move(*watch));
  }

  // ---- The launcher

  void tell_launcher(const Guarding& message) { launcher_.send(encode(message)); }

  void hear_launcher(std::string_view bytes, int fd) {
    const auto message = decode_guarding(base::as_bytes(bytes));
    if (message && std::holds_alternative<NewDirector>(*message) && fd >= 0) meet_director(fd);
    if (message && std::holds_alternative<Leave>(*message)) handle(Stop{});
    if (message && std::holds_alternative<Retire>(*message)) retire();
    if (const auto* estate = message ? std::get_if<Estate>(&*message) : nullptr) handle(estate->legacy);
  }

  /// Ends when the launcher has heard all.
  void retire() {
    if (!std::exchange(retired_, true)) tell_launcher(Estate{.legacy = router_.legacy()});
    if (launcher_.waiting() == 0) return io_.stop();
    boost::asio::post(io_, [this] { retire(); });
  }

  /// The shortest time after which others take over from us.
  Time patience() const {
    Time shortest = report_every * 10;
    for (const auto& [name, one] : router_.instances()) shortest = std::min(shortest, one.machine.master_down());
    return std::max(shortest, shortest_patience);
  }

  void pulse() {
    constexpr int pulses = 4;  // within that time
    tell_launcher(Pulse{patience()});
    pulse_.expires_after(patience() / pulses);
    pulse_.async_wait([this](const error_code& error) {
      if (!error) pulse();
    });
  }

  // ---- The director

  void meet_director(int fd) {
    director_ = std::make_unique<io::Channel>(
        io_, fd,
        io::Channel::Handler{[this](std::string_view bytes, int) { hear_director(bytes); },
                             [this] { director_.reset(); }});
    told_.clear();
    flush();
    tell_statuses();
  }

  void hear_director(std::string_view bytes) {
    const auto message = decode_speech(base::as_bytes(bytes));
    if (!message) return;
    if (const auto* configured = std::get_if<Configured>(&*message)) configure(*configured);
    if (const auto* tracked = std::get_if<Tracked>(&*message)) handle(*tracked);
    if (const auto* order = std::get_if<Switchover>(&*message)) handle(*order);
    tell_statuses();
  }

  /// An instance must not start before it is known whether its interfaces work.
  void configure(const Configured& configured) {
    macs_.want(configured.instances);
    if (!ready_ || !macs_.make(*links_, *edits_)) return static_cast<void>(pending_ = configured);
    wires_.want(configured.lines);
    asker_.want(configured.witnesses);
    handle(configured);
    macs_.clean(*links_, *edits_);
    tracker_.want(configured.instances);
    if (!watch_routes()) tracker_.look_at_routes(*links_);
    open_sockets();
  }

  void flush() {
    for (; director_ && !untold_.empty(); untold_.pop_front()) director_->send(encode(Speech{untold_.front()}));
  }

  void report() {
    wires_.open();
    if (ready_) attend();
    tell_statuses();
    report_.expires_after(report_every);
    report_.async_wait([this](const error_code& error) {
      if (!error) report();
    });
  }

  std::vector<Condition> conditions(const Instance& instance) const {
    std::vector<Condition> list;
    for (const Track& track : instance.track) {
      const auto well = router_.well(track);
      list.push_back(!well ? Condition::unknown : *well ? Condition::up : Condition::down);
    }
    return list;
  }

  Status status(const Router::Standing& one) const {
    return {.name = one.instance.name,
            .state = one.machine.state(),
            .since = one.since,
            .cause = one.cause,
            .priority = one.machine.priority(),
            .source = one.source.value_or(ipvs::Address::any(one.instance.family)),
            .faults = one.faults,
            .master = one.master,
            .master_priority = one.master_priority,
            .master_down = one.machine.master_down(),
            .rival = one.rival.has_value(),
            .yielded = one.machine.yielded(),
            .failback_at = one.machine.failback_at(),
            .tracked = conditions(one.instance),
            .sent = one.counts.sent,
            .heard = one.counts.heard,
            .unproven = one.counts.unproven,
            .dropped = {one.counts.dropped.begin(), one.counts.dropped.end()},
            .suspected = one.suspected,
            .held = one.held};
  }

  void tell_statuses() {
    if (!director_) return;
    Statuses news{.list = {},
                  .gone = {},
                  .lateness = lateness_,
                  .lines = line_statuses(router_),
                  .witnesses = witness_statuses(router_)};
    for (const auto& [name, one] : router_.instances()) {
      Status now = status(one);
      const auto known = told_.find(name);
      if (known != told_.end() && known->second == now) continue;
      told_[name] = now;
      news.list.push_back(std::move(now));
    }
    for (auto known = told_.begin(); known != told_.end();) {
      const bool gone = !router_.instances().contains(known->first);
      if (gone) news.gone.push_back(known->first);
      known = gone ? told_.erase(known) : std::next(known);
    }
    const bool as_before = news.lines == told_lines_ && news.witnesses == told_witnesses_;
    if (news.list.empty() && news.gone.empty() && news.lateness == Lateness{} && as_before) return;
    told_lines_ = news.lines;
    told_witnesses_ = news.witnesses;
    lateness_ = {};
    director_->send(encode(Speech{news}));
  }

  boost::asio::io_context io_ = {};
  boost::asio::steady_timer timer_;
  boost::asio::steady_timer pulse_;
  boost::asio::steady_timer report_;
  Tracker tracker_;
  VirtualMacs macs_;
  Ways ways_;
  Wires wires_;
  Asker asker_;
  io::Channel launcher_;
  std::unique_ptr<io::Channel> director_ = nullptr;
  std::unique_ptr<net::Edits> edits_ = nullptr;
  std::unique_ptr<Outgoing> frames_ = nullptr;
  std::unique_ptr<net::Links> links_ = nullptr;
  struct Open {
    std::unique_ptr<net::VrrpSocket> socket = nullptr;
    bool multicast = false;
  };
  std::map<Ear, Open> sockets_ = {};
  std::map<Ear, int> deaf_ = {};  // what could not be opened, and was told of
  std::map<Ear, std::unique_ptr<net::NeighbourWatch>> watches_ = {};
  std::set<net::RouteKey> watched_ = {};
  std::map<net::Index, std::string> names_ = {};
  Router router_{random_number()};
  std::deque<Event> events_ = {};
  std::optional<Time> due_ = std::nullopt;
  std::optional<Configured> pending_ = std::nullopt;  // until links are known
  bool ready_ = false;
  bool retired_ = false;
  std::deque<Told> untold_ = {};
  std::map<std::string, Status> told_ = {};
  std::vector<LineStatus> told_lines_ = {};
  std::vector<WitnessStatus> told_witnesses_ = {};
  Lateness lateness_ = {};  // not told yet
  bool said_ = false;       // an advertisement went out since this was last looked at
};

}  // namespace

int run_vrrp(int launcher_fd, const std::string& instance) {
  std::signal(SIGPIPE, SIG_IGN);
  return Role{launcher_fd, instance}.run();
}

}  // namespace keepalive::vrrp_role
