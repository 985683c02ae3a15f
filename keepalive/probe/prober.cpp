#include "probe/prober.hpp"

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <csignal>
#include <iterator>
#include <limits>
#include <random>
#include <system_error>
#include <unordered_map>
#include <utility>
#include <variant>

#include "base/bytes.hpp"
#include "core/messages.hpp"
#include "core/sockets.hpp"
#include "io/channel.hpp"
#include "io/clock.hpp"
#include "io/process.hpp"
#include "probe/evidence.hpp"
#include "probe/grants.hpp"
#include "probe/kinds.hpp"
#include "probe/reports.hpp"
#include "probe/roster.hpp"
#include "probe/schedule.hpp"
#include "probe/script.hpp"
#include "probe/socket.hpp"

namespace keepalive::probe {
namespace {

using core::Time;
using std::chrono::microseconds;
using std::chrono::milliseconds;
using std::chrono::seconds;
using Slot = Roster::Slot;

// Due times are handled together, at most so often: one wait for many probes.
constexpr Time slack = milliseconds{10};
constexpr Time second = seconds{1};
constexpr Time script_grace = seconds{10};        // on top of the time that the script has
constexpr Time socket_patience = seconds{5};      // for what the director opens
constexpr Time longest_hurry = milliseconds{50};  // from one look at what is due to the next, whatever else there is
constexpr int most_starts = 256;                  // before answers are looked at again
constexpr std::size_t most_waiting = 1U << 20U;   // bytes that the director has not read
constexpr std::ptrdiff_t most_summaries = 64;     // in one message
constexpr std::uint64_t channel_token = std::numeric_limits<std::uint64_t>::max();
constexpr std::uint64_t urls_token = channel_token - 1;

/// Between a target's probes.
milliseconds interval(const Check& check, const core::Health& health) {
  if (health.state() == core::State::down) return check.interval_down;
  return health.against() > 0 ? check.interval_failing : check.interval;
}

/// The sockets that a probe asks of the director at first; 0: it opens its own.
std::uint8_t marked_sockets(const Check& check, ipvs::Fwmark path) {
  if (!core::socket_need(check, ipvs::Family::ipv4, path) || (path.value == 0 && check.mark.value == 0)) return 0;
  return static_cast<std::uint8_t>(std::clamp<std::size_t>(check.urls.size(), 1, core::most_sockets));
}

class Prober {
 public:
  explicit Prober(int channel_fd)
      : channel_{io_,
                 channel_fd,
                 {.message = [this](std::string_view bytes, Fd fd) { receive(bytes, std::move(fd)); },
                  .closed = [this] { closed_ = true; }}} {
    if (const int error = poller_.watch(channel_fd, EPOLLIN, channel_token); error != 0)
      throw std::system_error{error, std::generic_category(), "epoll_ctl"};
  }

  void run() {
    while (!closed_) {
      const auto events = poller_.wait(patience());
      now_ = io::now();
      bool mail = channel_.waiting() > 0;
      for (const epoll_event& event : events)
        if (event.data.u64 == channel_token)
          mail = true;
        else if (event.data.u64 == urls_token)
          urls_.ready();
        else
          step(static_cast<Slot>(event.data.u64), event.events);
      urls_.pass(now_);
      for (const std::uint64_t token : urls_.done()) step(static_cast<Slot>(token), 0);
      if (mail) io_.poll();
      // Answers that are here already come before the judgement that there is none.
      const bool quiet = events.size() < Poller::most_events || now_ - last_due_ >= longest_hurry;
      if (now_ >= wake_ && quiet) run_due();
      if (now_ >= next_tick_) tick();
    }
  }

 private:
  /// Milliseconds until there is something to do unasked.
  int patience() {
    if (channel_.waiting() > 0) return static_cast<int>(slack / milliseconds{1});
    wake_ = std::max(schedule_.next().value_or(next_tick_), last_due_ + slack);
    const Time left = std::min({wake_, next_tick_, urls_.deadline().value_or(next_tick_)}) - now_;
    return left <= Time{0} ? 0 : static_cast<int>((left + milliseconds{1} - microseconds{1}) / milliseconds{1});
  }

  void run_due() {
    last_due_ = now_;
    for (int i = 1; i <= most_starts; ++i) {
      const auto slot = schedule_.pop(now_);
      if (!slot) return;
      Target& target = targets_[*slot];
      if (grants_.waits(*slot))
        finish(*slot, unable("cannot probe: the director opens no socket"));
      else if (!target.probe)
        late_ = std::max(late_, now_ - target.planned), begin(*slot);
      else if (dynamic_cast<const ScriptProbe*>(target.probe.get()) != nullptr)
        ask_again(*slot);
      else if (std::exchange(target.last_look, true))
        finish(*slot, target.probe->expired());
      else
        schedule_.set(*slot, now_ + microseconds{1});
      if (i % 16 == 0) now_ = io::now();
    }
    last_due_ = now_ - slack;  // at once again
  }

  void begin(Slot slot) {
    Target& target = targets_[slot];
    const auto plan = plans_.find(target.check);
    if (plan == plans_.end()) return schedule_.set(slot, now_ + second);
    if (target.sockets == 0 && plan->second->fault.empty())
      target.sockets = marked_sockets(plan->second->check, target.mark);
    if (target.sockets == 0) return start(slot, plan->second, nullptr);
    schedule_.set(slot, now_ + socket_patience);
    send(core::WantSockets{.target = target.id, .run = grants_.ask(slot, target.sockets), .count = target.sockets});
  }

  void start(Slot slot, const std::shared_ptr<const Plan>& plan, std::unique_ptr<Sockets> sockets) {
    Target& target = targets_[slot];
    target.started = now_;
    target.last_look = false;
    target.probe = make_probe(urls_, {.poller = &poller_,
                                      .token = slot,
                                      .plan = plan,
                                      .endpoint = target.endpoint,
                                      .mark = target.mark,
                                      .behind = target.behind,
                                      .host = target.host,
                                      .sockets = std::move(sockets)});
    ++running_;
    if (Found found = target.probe->start()) return finish(slot, *std::move(found));
    const Check& check = plan->check;
    Time limit = check.timeout;
    if (check.type == CheckType::script) {
      limit += script_grace;
      target.run = ++run_;
      send(core::RunScript{.target = target.id, .check = target.check, .run = target.run});
    }
    schedule_.set(slot, now_ + limit);
  }

  /// A script has not ended in its time: it waits for its turn, or its end was lost.
  void ask_again(Slot slot) {
    Target& target = targets_[slot];
    reports_.take_unable(target, "cannot probe: the script waits until others have ended: [global] script_limit");
    send(core::RunScript{.target = target.id, .check = target.check, .run = target.run});
    const auto plan = plans_.find(target.check);
    schedule_.set(slot, now_ + script_grace + (plan == plans_.end() ? Time{0} : Time{plan->second->check.timeout}));
  }

  void step(Slot slot, std::uint32_t events) {
    if (slot >= targets_.end() || !targets_[slot].probe) return;
    if (Found found = targets_[slot].probe->ready(events)) finish(slot, *std::move(found));
  }

  void cancel(Slot slot) {
    grants_.drop(slot);
    if (!targets_[slot].probe) return;
    targets_[slot].probe.reset();
    --running_;
  }

  void finish(Slot slot, Finding finding) {
    Target& target = targets_[slot];
    cancel(slot);
    const auto plan = plans_.find(target.check);
    if (plan == plans_.end()) return;
    const Check& check = plan->second->check;
    if (finding.fact == Fact::lacking) {
      if (target.sockets < core::most_sockets) return ++target.sockets, begin(slot);
      finding = unable("cannot probe: it takes too many sockets");
    }
    if (finding.fact == Fact::unable) {
      reports_.take_unable(target, describe(finding, microseconds{0}));
      return schedule_.set(slot, now_ + std::min<Time>(interval(check, target.health), second));
    }
    if (!finding.good && check.log_failures) reports_.take_failure(target, finding, now_ - target.started);
    const auto transition =
        reports_.take(target, std::move(finding), now_ - target.started, {.rise = check.rise, .fall = check.fall});
    if (transition) send(*transition);
    const Time pause = interval(check, target.health);
    target.planned += pause;
    if (target.planned < now_) target.planned += ((now_ - target.planned) / pause + 1) * pause;  // keeps its beat
    schedule_.set(slot, target.planned);
  }

  void tick() {
    next_tick_ = std::max(next_tick_ + second, now_);
    if (channel_.waiting() < most_waiting) send_summaries(reports_.flush(targets_));
    if (core::Failures failures = reports_.flush_failures(); !failures.list.empty()) send(std::move(failures));
    send(core::Alive{.late = std::exchange(late_, Time{0}), .running = running_});
  }

  /// In pieces, between which the director can turn to others.
  void send_summaries(core::Summaries&& all) {
    for (auto first = all.list.begin(); first != all.list.end();) {
      const auto last = first + std::min(most_summaries, all.list.end() - first);
      send(core::Summaries{{std::make_move_iterator(first), std::make_move_iterator(last)}});
      first = last;
    }
  }

  void send(core::Message message) { channel_.send(core::encode(message)); }

  void receive(std::string_view bytes, Fd passed) {
    const auto message = core::decode(base::as_bytes(bytes));
    if (!message) return;
    if (const auto* const got = std::get_if<core::GotSocket>(&*message)) return take(*got, std::move(passed));
    std::visit([this](const auto& one) { take(one); }, *message);
  }

  void take(const core::GotSocket& got, Fd socket) {
    const auto slot = targets_.find(got.target);
    if (!slot || !grants_.answers(*slot, got.run)) return;
    if (!socket) return finish(*slot, unable(got.fault));
    auto sockets = grants_.take(*slot, std::move(socket));
    if (!sockets) return;
    const auto plan = plans_.find(targets_[*slot].check);
    if (plan != plans_.end()) start(*slot, plan->second, std::move(sockets));
  }

  void take(const core::SetCheck& given) {
    const auto [place, fresh] = plans_.insert_or_assign(given.number, make_plan(given.number, given.text));
    if (fresh) return;
    const Check& check = place->second->check;  // whose intervals may be shorter now
    for (Slot slot = 0; slot < targets_.end(); ++slot) {
      Target& target = targets_[slot];
      if (target.id == 0 || target.check != given.number) continue;
      target.sockets = 0;
      if (target.probe || grants_.waits(slot)) continue;
      const milliseconds pause = interval(check, target.health);
      if (target.planned > now_ + pause) plan_start(slot, pause);
    }
  }

  void take(const core::SetTargets& given) {
    for (const core::Target& one : given.targets) {
      const auto known = targets_.find(one.id);
      const Slot slot = known ? *known : targets_.add(one);
      if (known) {
        assign(targets_[slot], one);
        cancel(slot);
      }
      const auto plan = plans_.find(one.check);
      plan_start(slot, plan == plans_.end() ? milliseconds{0} : plan->second->check.jitter);
    }
  }

  void take(const core::DropTargets& given) {
    for (const std::uint32_t id : given.ids) {
      const auto slot = targets_.find(id);
      if (!slot) continue;
      cancel(*slot);
      schedule_.erase(*slot);
      reports_.drop(targets_[*slot]);
      targets_.drop(*slot);
    }
  }

  void take(const core::DropCheck& given) { plans_.erase(given.number); }

  void take(const core::ScriptDone& done) {
    const auto slot = targets_.find(done.target);
    if (!slot) return;
    const auto* const script = dynamic_cast<const ScriptProbe*>(targets_[*slot].probe.get());
    if (script != nullptr && done.run == targets_[*slot].run) finish(*slot, script->judge(done));
  }

  template <class Other>
  void take(const Other&) {}  // ours to send

  /// Somewhere in so much time.
  void plan_start(Slot slot, milliseconds within) {
    const Time time = Time{std::uniform_int_distribution<std::int64_t>{0, Time{within}.count()}(random_)};
    targets_[slot].planned = now_ + time;
    schedule_.set(slot, now_ + time);
  }

  boost::asio::io_context io_{1};  // for the channel alone
  Poller poller_ = {};
  Urls urls_{poller_, urls_token};
  Time now_ = io::now();
  Time last_due_{0};
  Time wake_{0};
  Time next_tick_ = now_ + second;
  Time late_{0};
  std::uint32_t running_ = 0;
  bool closed_ = false;
  std::unordered_map<std::uint32_t, std::shared_ptr<const Plan>> plans_ = {};
  Roster targets_ = {};
  Schedule schedule_ = {};
  Reports reports_ = {};
  Grants grants_ = {};
  std::minstd_rand random_{std::random_device{}()};
  std::uint32_t run_ = static_cast<std::uint32_t>(random_());  // of scripts; a predecessor's may still come back
  io::Channel channel_;
};

}  // namespace

int run_prober(int channel_fd) {
  std::signal(SIGPIPE, SIG_IGN);
  io::raise_descriptor_limit();
  Prober{channel_fd}.run();
  return 0;
}

}  // namespace keepalive::probe
