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
#include <thread>

#include "base/bytes.hpp"
#include "core/vrrp/messages.hpp"
#include "core/vrrp/router.hpp"
#include "io/channel.hpp"
#include "io/clock.hpp"
#include "io/log.hpp"
#include "net/edits.hpp"
#include "net/frames.hpp"
#include "net/links.hpp"
#include "vrrp/asker.hpp"
#include "vrrp/ears.hpp"
#include "vrrp/outgoing.hpp"
#include "vrrp/places.hpp"
#include "vrrp/reporter.hpp"
#include "vrrp/tracker.hpp"
#include "vrrp/virtual_macs.hpp"
#include "vrrp/ways.hpp"
#include "vrrp/wires.hpp"

namespace keepalive::vrrp_role {
namespace {

using namespace core::vrrp;
using boost::system::error_code;
using io::Level;

constexpr Time report_every{std::chrono::seconds{1}};
constexpr net::Budget budget{std::chrono::milliseconds{2}};  // of addresses; then an advertisement may be due
constexpr Time shortest_patience{std::chrono::milliseconds{100}};
constexpr Time longest_work{std::chrono::milliseconds{50}};
constexpr std::chrono::milliseconds rest{1};  // after it: in real time, who never rests is killed

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
        ears_{io_, [this](const Event& event) { handle(event); }},
        reporter_{io_, [this](std::string_view bytes) { hear_director(bytes); }},
        launcher_{
            io_, launcher_fd,
            io::Channel::Handler{[this](std::string_view bytes, base::Fd fd) { hear_launcher(bytes, std::move(fd)); },
                                 [this] { orphaned(); }}} {}

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
    if (retiring_ && !router_.lends()) return hand_on();
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
    timer_.async_wait([this, at_once = *due <= io::now()](const error_code& error) {
      if (error) return;
      take_rest(at_once);
      const Time late = std::max(io::now() - *due_, Time{0});
      due_.reset();
      said_ = false;
      handle(Tick{});
      if (said_) reporter_.late(late);
    });
  }

  void take_rest(bool works_on) {
    if (works_on && io::now() - rested_ < longest_work) return;
    if (works_on) std::this_thread::sleep_for(rest);
    rested_ = io::now();
  }

  // ---- What the router wants

  void carry_out(const Transmit& order) {
    said_ = true;
    ears_.send(order);
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
    reporter_.tell(news);
    reporter_.tell(router_);
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
    if (change.links.empty() && !change.routes) return;  // addresses by the thousand: nothing waits for one
    attend();
    wires_.open();
  }

  void lose(const std::string& interface) {
    ears_.lose(interface);
    wires_.lose(interface);
    asker_.lose(interface);
    handle(LinkIs{interface, std::nullopt});
  }

  /// What could not be had before may be there now.
  void attend() {
    if (!pending_) macs_.make(*links_, *edits_);
    ways_.mend(*links_, *edits_);
    watch_routes();
    ears_.open(router_, *links_);
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

  // ---- The launcher

  void tell_launcher(const Guarding& message) { launcher_.send(encode(message)); }

  void hear_launcher(std::string_view bytes, base::Fd fd) {
    const auto message = decode_guarding(base::as_bytes(bytes));
    if (message && std::holds_alternative<NewDirector>(*message) && fd) reporter_.meet(fd.release(), router_);
    if (message && std::holds_alternative<Leave>(*message)) handle(Stop{});
    if (message && std::holds_alternative<Retire>(*message)) retire();
    if (const auto* estate = message ? std::get_if<Estate>(&*message) : nullptr) handle(estate->legacy);
  }

  void retire() {
    if (!std::exchange(retiring_, true)) handle(HandOver{});
  }

  /// Ends when the launcher has heard what a successor must know.
  void hand_on() {
    if (!std::exchange(handed_on_, true)) tell_launcher(Estate{.legacy = router_.legacy()});
    if (launcher_.waiting() == 0) return io_.stop();
    boost::asio::post(io_, [this] { hand_on(); });
  }

  /// The launcher is dead: nobody would take away what we leave.
  void orphaned() {
    if (retiring_) return io_.stop();
    handle(Stop{});
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

  void hear_director(std::string_view bytes) {
    const auto message = decode_speech(base::as_bytes(bytes));
    if (!message) return;
    if (const auto* configured = std::get_if<Configured>(&*message)) configure(*configured);
    if (const auto* tracked = std::get_if<Tracked>(&*message)) handle(*tracked);
    if (const auto* order = std::get_if<Switchover>(&*message)) handle(*order);
    if (const auto* synced = std::get_if<Synced>(&*message)) handle(*synced);
    reporter_.tell(router_);
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
    ears_.open(router_, *links_);
  }

  void report() {
    wires_.open();
    if (ready_) attend();
    reporter_.tell(router_);
    report_.expires_after(report_every);
    report_.async_wait([this](const error_code& error) {
      if (!error) report();
    });
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
  Ears ears_;
  Reporter reporter_;
  io::Channel launcher_;
  std::unique_ptr<net::Edits> edits_ = nullptr;
  std::unique_ptr<Outgoing> frames_ = nullptr;
  std::unique_ptr<net::Links> links_ = nullptr;
  std::set<net::RouteKey> watched_ = {};
  std::map<net::Index, std::string> names_ = {};
  Router router_{random_number()};
  std::deque<Event> events_ = {};
  std::optional<Time> due_ = std::nullopt;
  Time rested_{0};
  std::optional<Configured> pending_ = std::nullopt;  // until links are known
  bool ready_ = false;
  bool retiring_ = false;
  bool handed_on_ = false;
  bool said_ = false;  // an advertisement went out since this was last looked at
};

}  // namespace

int run_vrrp(int launcher_fd, const std::string& instance) {
  std::signal(SIGPIPE, SIG_IGN);
  return Role{launcher_fd, instance}.run();
}

}  // namespace keepalive::vrrp_role
