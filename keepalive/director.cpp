#include "director.hpp"

#include <fmt/format.h>
#include <linux/capability.h>
#include <unistd.h>

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <csignal>
#include <deque>
#include <memory>
#include <set>

#include "api.hpp"
#include "base/bytes.hpp"
#include "bundle.hpp"
#include "core/facts.hpp"
#include "core/saved.hpp"
#include "drafts.hpp"
#include "editor.hpp"
#include "errands.hpp"
#include "io/channel.hpp"
#include "io/clock.hpp"
#include "io/control.hpp"
#include "io/counts.hpp"
#include "io/daemons.hpp"
#include "io/host.hpp"
#include "io/keeper.hpp"
#include "io/kernel.hpp"
#include "io/lag.hpp"
#include "io/log.hpp"
#include "io/notify_pipe.hpp"
#include "io/privilege.hpp"
#include "io/process.hpp"
#include "io/settings.hpp"
#include "io/sharing.hpp"
#include "journal_log.hpp"
#include "roles.hpp"
#include "scrapes.hpp"
#include "switchovers.hpp"

namespace keepalive {
namespace {

using boost::system::error_code;
using io::Level;

constexpr core::Time clock_step = std::chrono::milliseconds{1};

class Director final : public Powers {
 public:
  Director(const Options& options, io::Kernel kernel)
      : options_{options},
        kernel_{std::move(kernel)},
        settings_{options.director_file("settings"), io::table_name()},
        timer_{io_},
        beat_{io_},
        lag_{io_},
        state_{io_, options.director_file("state"),
               [this] { return core::saved::everything(*engine_, boot_, io::table_name()); }},
        launcher_{
            io_, options.channel,
            io::Channel::Handler{[this](std::string_view bytes, base::Fd fd) { hear_launcher(bytes, std::move(fd)); },
                                 [this] { io_.stop(); }}} {}

  int run() {
    beat();
    fetch({}, [this](core::Bundle&& bundle) { load_first(std::move(bundle)); });
    io_.run();
    return exit_code_;
  }

  // ---- What the API asks

  const core::Engine& engine() const override { return *engine_; }

  core::Circumstances circumstances() const override {
    return {.version = IPVS_NG_VERSION,
            .instance = options_.instance,
            .path = options_.config,
            .process = ::getpid(),
            .boot = boot_,
            .loaded = loaded_,
            .fault = fault_,
            .lag = lag_.worst(),
            .last_good = last_good_,
            .pending = editor_.pending()};
  }

  void handle(core::Event event) override {
    if (leaving_ || !engine_) return;
    const bool by_operator = std::holds_alternative<core::Operate>(event);
    const bool of_routers = std::holds_alternative<core::vrrp::Statuses>(event);
    events_.push_back(std::move(event));
    if (events_.size() > 1) return;  // an action's answer: the loop below takes it
    const core::Time begin = io::now();
    while (!events_.empty()) {
      for (const core::Action& action : engine_->step(events_.front(), begin))
        std::visit([this](const auto& one) { carry_out(one); }, action);
      events_.pop_front();
    }
    if (by_operator) state_.flush();  // before it is answered
    if (of_routers) switchovers_.look(engine_->routers());
    set_timer();
  }

  void count(Counted done) override { all_counts_.ask(std::move(done)); }

  void count(std::vector<ipvs::ServiceKey> keys, Counted done) override {
    io::read_counts(io_, kernel_.client(), std::move(keys), std::move(done));
  }

  void glance(std::vector<ipvs::ServiceKey> keys, Counted done) override {
    io::glance_counts(io_, kernel_.client(), std::move(keys), std::move(done));
  }

  void scrape(core::Format format, Scraped give) override { scrapes_.ask(format, std::move(give)); }

  void reload(std::function<void(const ReloadOutcome&)> done) override {
    fetch({}, [this, done = std::move(done)](core::Bundle&& bundle) { done(load_again(std::move(bundle))); });
  }

  void plan(core::Texts instead, std::function<void(const PlanOutcome&)> done) override {
    const bool edit = !instead.empty();
    fetch({.instead = std::move(instead)}, [this, edit, done = std::move(done)](core::Bundle&& bundle) {
      tell_launcher(core::Drop{bundle.serial});
      Diagnostics warnings;
      const auto config = load(bundle, &warnings);
      if (!config) return done({.faults = config.error()});
      // The launcher refuses to write it; here it is told before.
      const auto fault = edit ? overreach_fault(engine_->config(), *config, bundle) : std::nullopt;
      if (fault) return done({.faults = {*fault}});
      const core::Engine::Plan plan = engine_->plan(*config, io::now());
      auto changes = kernel_.plan(plan.table, engine_->owned());
      if (!changes) return done({.warnings = std::move(warnings), .refusal = changes.error().message()});
      std::erase_if(*changes, [&](const auto& one) { return plan.hidden.contains(io::service_of(one)); });
      const auto settled = settings_.settle({core::Reconcile::Purpose::report}, *config, plan.behind, kernel_.client());
      core::Planned planned{.changes = std::move(*changes), .probes = plan.probes, .rules = plan.rules};
      planned.daemons = io::planned_daemons(plan.daemons, settled.changes, kernel_.client());
      for (const core::SettingEdit& one : settled.changes) planned.settings.push_back(one.text);
      done({.warnings = std::move(warnings), .planned = std::move(planned)});
    });
  }

  Editor& editor() override { return editor_; }

  void examine(std::function<void(std::vector<core::Finding>)> done) override {
    core::HostFacts facts = io::host_facts(core::questions(engine_->config()));
    const auto changes = kernel_.plan(engine_->wanted(), engine_->owned());
    if (!changes) facts.table_fault = changes.error().message();
    for (const ipvs::Change& one : changes.value_or(std::vector<ipvs::Change>{}))
      if (!engine_->hidden().contains(io::service_of(one))) facts.differences.push_back(io::text(one));
    done(core::examine(*engine_, circumstances(), facts));
  }

  void ask_sync(const std::string& what, Asked done) override { roles_.ask_sync(what, std::move(done)); }
  void switch_over(const core::OperateRouter& order, std::function<void(bool told)> done) override {
    switchovers_.wait(order, std::move(done));
    handle(order);
  }

  void renew() override { tell_launcher(core::Renew{}); }

  void follow(std::shared_ptr<io::ControlReply> reply) override {
    std::erase_if(followers_, [](const auto& one) { return one.expired(); });
    followers_.push_back(std::move(reply));
  }

 private:
  // ---- Configurations

  using Fetched = std::function<void(core::Bundle&& bundle)>;

  void fetch(core::Fetch order, Fetched done) {
    fetched_.push_back(std::move(done));
    tell_launcher(std::move(order));
  }

  void load_first(core::Bundle&& bundle) {
    const std::uint32_t serial = bundle.serial;
    last_good_ = bundle.last_good;
    if (!last_good_) editor_.read(bundle);
    auto config = load(std::move(bundle));
    if (!config) {
      tell_launcher(core::Drop{serial});
      fault_ = base::render(config.error());
      if (last_good_) return fail("the configuration has faults, and no good one is kept");
      first_fault_ = fault_;
      first_faults_ = config.error().size();
      log_faults(config.error());
      return fetch({.last_good = true}, [this](core::Bundle&& kept) { load_first(std::move(kept)); });
    }
    fault_ = first_fault_;
    engine_ = std::make_unique<core::Engine>(options_.instance);
    if (!open_control()) return;
    handle(core::Restored{core::saved::read(state_.read(), boot_, io::table_name())});
    take(std::move(*config), serial);
    if (last_good_) handle(refused(first_faults_, fault_));
    if (stop_) return take_signal(SIGTERM);
    if (std::exchange(hang_up_, false)) reload([](const ReloadOutcome&) {});
  }

  bool open_control() try {
    control_ = std::make_unique<io::ControlServer>(
        io_, options_.run_file("control"),
        [this](const io::ControlRequest& request, std::shared_ptr<io::ControlReply> reply) {
          answer(*this, request, std::move(reply));
        });
    return true;
  } catch (const std::exception& fault) {
    fail(fmt::format("the control socket {}", fault.what()));
    return false;
  }

  ReloadOutcome load_again(core::Bundle&& bundle) {
    const std::uint32_t serial = bundle.serial;
    editor_.read(bundle);
    auto config = load(std::move(bundle));
    if (!config) {
      tell_launcher(core::Drop{serial});
      fault_ = base::render(config.error());
      log_faults(config.error());
      handle(refused(config.error().size(), fault_));
      return {.fault = fault_};
    }
    fault_.clear();
    last_good_ = false;
    take(std::move(*config), serial);
    return {.changes = changes_, .refusals = engine_->refusals()};
  }

  static core::Refused refused(std::size_t faults, const std::string& text) {
    return {.faults = faults, .first = text.substr(0, text.find('\n'))};
  }

  void take(Config&& config, std::uint32_t serial) {
    const auto shared = std::make_shared<const Config>(std::move(config));
    serial_ = serial;
    loaded_ = io::now();
    changes_ = 0;
    pipe_.open(shared->global.notify_pipe);
    const core::WantRoles roles = roles_.take(*shared);
    handle(core::Loaded{shared});
    tell_launcher(roles);  // processes that start would delay the table
    roles_.taken();
    tell_launcher(core::Adopt{serial});
  }

  void fail(const std::string& text) {
    tell_launcher(core::Failed{text});
    exit_code_ = 1;
    leave();
  }

  // ---- The launcher

  void tell_launcher(const core::Launch& message) { launcher_.send(encode(message)); }

  void hear_launcher(std::string_view bytes, base::Fd fd) {
    auto message = core::decode_launch(base::as_bytes(bytes));
    if (!message) return;
    if (auto* bundle = std::get_if<core::Bundle>(&*message); bundle != nullptr && !fetched_.empty() && !leaving_) {
      const Fetched done = std::move(fetched_.front());
      fetched_.pop_front();
      done(std::move(*bundle));
    }
    if (const auto* role = std::get_if<core::NewRole>(&*message)) roles_.meet(*role, std::move(fd));
    if (const auto* done = std::get_if<core::ProgramDone>(&*message)) errands_.done(*done);
    if (std::holds_alternative<core::RolledBack>(*message) && !engine_)
      hang_up_ = true;
    else
      editor_.hear(*message);
    if (std::holds_alternative<core::Retire>(*message)) retire();
    if (const auto* signal = std::get_if<core::Signalled>(&*message)) take_signal(signal->number);
  }

  void take_signal(int number) {
    if (number == SIGHUP && !engine_) return static_cast<void>(hang_up_ = true);  // once it is loaded
    if (number == SIGHUP) return reload([](const ReloadOutcome&) {});
    if (!engine_ && !leaving_) return static_cast<void>(stop_ = true);  // what a predecessor left must go, too
    control_.reset();
    if (leaving_) return leave();
    handle(core::Stop{});
    state_.flush();
    const core::Settled returned = settings_.give_back(engine_->config().global.at_stop);
    const auto log_all = [](const auto& list, Level level, const char* id) {
      for (const auto& one : list)
        io::log(level, id, fmt::format("object={} text={}", io::quoted(one.name), io::quoted(one.text)));
    };
    log_all(returned.changes, Level::info, "SETTING");
    log_all(returned.faults, Level::error, "SETTING_REFUSED");
    leave();
  }

  /// A successor adopts what is in the kernel and goes on from the states.
  void retire() {
    control_.reset();
    if (engine_) state_.flush();
    leave();
  }

  /// Ends when the launcher has heard all. Whatever happens meanwhile is nobody's business any more.
  void leave() {
    leaving_ = true;
    if (launcher_.waiting() == 0) return io_.stop();
    boost::asio::post(io_, [this] { leave(); });
  }

  void beat() {
    tell_launcher(core::Beat{});
    // Two clocks read one after the other differ by some µs each time: times told must stay as they are.
    if (const core::Time boot = io::boot(); boot - boot_ > clock_step || boot_ - boot > clock_step) boot_ = boot;
    beat_.expires_after(std::chrono::seconds{1});
    beat_.async_wait([this](const error_code& error) {
      if (!error) beat();
    });
  }

  // ---- What the engine wants

  void carry_out(const core::Reconcile& order) {
    core::Reconciled outcome = kernel_.reconcile(order, engine_->wanted(), engine_->owned());
    changes_ += outcome.changes;
    handle(std::move(outcome));
  }

  void carry_out(const core::Settle& order) {
    handle(settings_.settle(order, engine_->config(), core::behind_paths(engine_->config(), engine_->probes().paths()),
                            kernel_.client()));
  }

  void carry_out(const core::Tell& order) { roles_.tell_prober(order.prober, order.message); }
  void carry_out(const core::OpenSockets& order) { roles_.open_sockets(order); }

  void carry_out(const core::Run& order) { errands_.run(order, serial_); }
  void carry_out(const core::WriteRules& order) { errands_.run(order); }
  void carry_out(const core::LookForRules& order) { errands_.run(order); }

  void carry_out(const core::Count& order) {
    if (!counting_.insert(order.pool).second) return;  // a large pool may take longer than a second
    io::read_counts(io_, kernel_.client(), core::keys_of(engine_->config(), order.pool),
                    [this, order](const core::CountTable& counts) {
                      counting_.erase(order.pool);
                      for (const core::Counted& one : core::counted(engine_->config(), order, counts)) handle(one);
                    });
  }

  void carry_out(const core::SetDaemons& order) { daemons_.set(order); }
  void carry_out(const core::TellRouters& order) { roles_.tell_routers(order.speech); }

  void carry_out(const core::Restart& order) {
    tell_launcher(core::RestartProber{static_cast<std::uint32_t>(order.prober)});
  }

  void carry_out(const core::Journal& entry) {
    log(entry);
    const std::string line = core::event_line(entry, circumstances());
    std::erase_if(followers_, [&](const auto& one) {
      const auto reply = one.lock();
      return !reply || !reply->line(line);
    });
    pipe_.write(line);
    roles_.alert(entry);
  }

  void carry_out(const core::SaveState& order) {
    if (order.servers.empty()) return state_.replace();
    for (const core::ServerRef server : order.servers) state_.add(core::saved::server(*engine_, server, boot_));
  }

  void set_timer() {
    const auto due = engine_->deadline();
    if (due == due_) return;
    due_ = due;
    timer_.cancel();
    if (!due) return;
    timer_.expires_at(io::moment(*due));
    timer_.async_wait([this](const error_code& error) {
      if (error) return;
      due_.reset();
      handle(core::Tick{});
    });
  }

  Options options_;
  boost::asio::io_context io_ = {};
  io::Kernel kernel_;
  io::Settings settings_;
  boost::asio::steady_timer timer_;
  boost::asio::steady_timer beat_;
  io::Daemons daemons_{io_, [this](const core::DaemonsAre& outcome) { handle(outcome); }};
  io::Lag lag_;
  io::Keeper state_;
  io::NotifyPipe pipe_ = {};
  io::Channel launcher_;
  std::unique_ptr<io::ControlServer> control_ = nullptr;
  std::unique_ptr<core::Engine> engine_ = nullptr;
  std::deque<core::Event> events_ = {};  // the first is under way
  Roles roles_{io_, *this};
  Errands errands_{*this, roles_, [this](const core::Launch& message) { tell_launcher(message); }};
  Editor editor_{*this, [this](const core::Launch& message) { tell_launcher(message); }};
  Scrapes scrapes_{io_, *this};
  Switchovers switchovers_{io_};
  io::Sharing<core::CountTable> all_counts_{
      [this](Counted done) { glance(core::keys_of(engine_->config()), std::move(done)); }};
  std::deque<Fetched> fetched_ = {};
  std::vector<std::weak_ptr<io::ControlReply>> followers_ = {};
  std::set<std::string> counting_ = {};  // pools
  std::uint32_t serial_ = 0;             // of the bundle in force
  std::size_t changes_ = 0;              // of the kernel since the last load
  core::Time loaded_{0};
  core::Time boot_{0};                            // looked up every second
  std::optional<core::Time> due_ = std::nullopt;  // of the timer
  std::string fault_ = "";
  std::string first_fault_ = "";
  std::size_t first_faults_ = 0;
  bool last_good_ = false;
  bool hang_up_ = false;  // SIGHUP came before the first configuration
  bool stop_ = false;     // SIGTERM did
  bool leaving_ = false;
  int exit_code_ = 0;
};

}  // namespace

int run_director(const Options& options) {
  const auto fail = [&](const std::string& text) {
    boost::asio::io_context io;
    io::Channel launcher{io, options.channel, {}};
    launcher.send(encode(core::Launch{core::Failed{text}}));
    return 1;
  };
  if (const std::string fault = io::drop_privilege({"keepalive"}, {CAP_NET_ADMIN, CAP_NET_RAW}); !fault.empty())
    return fail("the director " + fault);
  io::raise_descriptor_limit();
  auto kernel = io::Kernel::open();
  if (!kernel) return fail(kernel.error().message());
  return Director{options, std::move(*kernel)}.run();
}

}  // namespace keepalive
