#include "launcher.hpp"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <csignal>
#include <memory>
#include <optional>

#include "base/bytes.hpp"
#include "bundle.hpp"
#include "config/commands.hpp"
#include "core/bundles.hpp"
#include "core/programs.hpp"
#include "crew.hpp"
#include "drafts.hpp"
#include "guard.hpp"
#include "io/channel.hpp"
#include "io/clock.hpp"
#include "io/log.hpp"
#include "io/patience.hpp"
#include "io/process.hpp"
#include "io/renewal.hpp"
#include "io/runner.hpp"
#include "io/service.hpp"
#include "io/state_file.hpp"
#include "scribe.hpp"

namespace keepalive {
namespace {

using boost::system::error_code;
using io::Level;
using std::chrono::seconds;

constexpr seconds director_patience{10};  // without a Beat
constexpr seconds stop_patience{6};
constexpr seconds routers_patience{4};
constexpr seconds nft_patience{5};
constexpr seconds program_patience{5};  // for programs and alerts that are under way when the daemon ends

const std::string regular_end = "exit code 0";

class Launcher {
 public:
  Launcher(Options options, std::function<void()> ready)
      : options_{std::move(options)},
        signals_{io_, SIGHUP, SIGTERM, SIGINT},
        children_{io_, SIGCHLD},
        patience_{io_},
        runner_{io_, [this](const core::ProgramDone& done) { program_done(done); }},
        ready_{std::move(ready)},
        crew_{io_,
              {.start = [this](const std::string& role,
                               int fd) { return start(io::beside_us("keepalive-" + role), role, fd); },
               .announce =
                   [this](const core::NewRole& role, int fd) {
                     if (channel_) channel_->send(encode(core::Launch{role}), fd);
                   },
               .guard =
                   [this](int fd) {
                     guard_.meet(fd);
                     introduce();
                   },
               .dismiss_routers = [this] { return guard_.dismiss(); }}},
        guard_{io_, [this] {
                 if (!stopping_) crew_.routers_gone();
                 finish_when_done();
               }} {}

  int run() {
    wait_for_signals();
    guard_.inherit(io::take_inheritance());
    wait_for_children();
    scribe_.begin();
    start_director();
    io_.run();
    if (renewing_ && exit_code_ == 0) renew();
    return exit_code_;
  }

 private:
  void wait_for_signals() {
    signals_.async_wait([this](const error_code& error, int number) {
      if (error) return;
      if (number == SIGHUP) tell(core::Signalled{SIGHUP});
      if (number != SIGHUP) stop();
      wait_for_signals();
    });
  }

  void wait_for_children() {
    children_.async_wait([this](const error_code& error, int) {
      if (error) return;
      int status = 0;
      for (pid_t pid = 0; (pid = waitpid(-1, &status, WNOHANG)) > 0;) ended(pid, status);
      wait_for_children();
    });
  }

  // ---- The roles

  pid_t start(const std::string& program, const std::string& name, int fd) {
    // On the way to the background: who started us waits for the end of what we write there.
    const int nothing = ready_ ? ::open("/dev/null", O_RDWR | O_CLOEXEC) : -1;
    const auto pid = io::spawn({.argv = options_.role_arguments(program, name, fd),
                                .environment = io::role_environment(),
                                .keep_fd = fd,
                                .output = nothing});
    ::close(fd);
    if (nothing >= 0) ::close(nothing);
    if (pid) return *pid;
    io::log(Level::error, "CANNOT_START", "text=" + io::quoted(pid.error()));
    return -1;
  }

  void start_director() {
    tickets_.clear();
    bundles_.drop_pending();
    introduced_ = false;
    const auto [ours, theirs] = io::socket_pair();
    channel_ = std::make_unique<io::Channel>(
        io_, ours,
        io::Channel::Handler{[this](std::string_view bytes, const base::Fd&) { hear(bytes); },
                             [this] {
                               channel_.reset();
                               if (director_.pid < 0) director_ended();
                             }});
    director_.started = io::now();
    director_.pid = start(io::own_program(), "director", theirs);
    scribe_.greet();
    if (director_.pid > 0) return expect_beat();
    if (stopping_) return finish();
    start_again(io_, director_, [this] { start_director(); });
  }

  void ended(pid_t pid, int status) {
    if (runner_.ended(pid, status)) return finish_when_done();
    const std::string how = WIFEXITED(status) ? "exit code " + std::to_string(WEXITSTATUS(status))
                                              : "signal " + std::to_string(WTERMSIG(status));
    if (pid == director_.pid) {
      director_.pid = -1;
      how_ = how;
      // What it said last may still have to be heard.
      return channel_ ? void() : director_ended();
    }
    const bool routers = crew_.routers_running();
    crew_.ended(pid, how, !stopping_ && director_.pid > 0);
    if (stopping_ && !last_asked_ && routers && !crew_.routers_running()) return end_director();
    finish_when_done();
  }

  void director_ended() {
    patience_.cancel();
    if (exit_code_ != 0 || (stopping_ && (how_ == regular_end || std::exchange(cleaned_, true)))) return finish();
    io::log(Level::error, "DIRECTOR_ENDED", "how=" + io::quoted(how_) + " text=\"it is started again\"");
    crew_.dismiss();
    if (stopping_) return stop_director();
    start_again(io_, director_, [this] { start_director(); });
  }

  /// A director that does not beat hangs.
  void expect_beat() {
    patience_.expect(director_patience, [this] {
      if (director_.pid < 0) return;
      io::log(Level::error, "DIRECTOR_SILENT", "text=\"it has not answered for 10 s and is killed\"");
      ::kill(director_.pid, SIGKILL);
    });
  }

  // ---- What the director says

  bool tell(const core::Launch& message) {
    if (channel_) channel_->send(encode(message));
    return channel_ != nullptr;
  }

  void hear(std::string_view bytes) {
    const auto message = core::decode_launch(base::as_bytes(bytes));
    if (!message) return;
    scribe_.hear(*message);
    std::visit([this](const auto& one) { take(one); }, *message);
  }

  /// What was only looked at is not kept: nobody adopts it, and no program runs by it.
  void take(const core::Fetch& request) {
    if (!request.instead.empty()) return static_cast<void>(channel_->send(message(drafts_.look(request.instead))));
    core::Bundle bundle =
        request.last_good ? read_kept(options_.state_file("last-good")) : read_bundle(options_.config);
    channel_->send(message(bundles_.add(std::move(bundle))));
  }

  void take(const core::Adopt& adopted) {
    const core::Bundle* const bundle = bundles_.adopt(adopted.serial);
    if (bundle == nullptr) return;
    forget_bundles();
    if (!bundle->last_good && !io::write_file(options_.state_file("last-good"), encode(*bundle)))
      io::log(Level::warning, "CANNOT_KEEP", "file=" + io::quoted(options_.state_file("last-good")));
    if (stopping_) return;
    io::tell_service("READY=1");
    if (const auto ready = std::exchange(ready_, nullptr)) ready();
  }

  void take(const core::Drop& order) { bundles_.drop(order.serial); }

  void forget_bundles() {
    bundles_.keep([this](std::uint32_t serial) { return programs_.needs(serial); });
  }

  void take(const core::WantRoles& wanted) {
    if (stopping_) return;
    options_.realtime = wanted.realtime;
    crew_.want(wanted);
    if (crew_.routers_running() && !introduced_) introduce();
  }

  void take(const core::RestartProber& order) { crew_.restart_prober(order.index); }

  void take(const core::Beat&) {
    if (!stopping_) expect_beat();
    io::tell_service("WATCHDOG=1");
  }

  void take(const core::Renew&) {
    if (stopping_) return;
    stopping_ = renewing_ = true;
    end_director();
  }

  void take(const core::Failed& failed) {
    io::log(Level::error, "CANNOT_RUN", "text=" + io::quoted(failed.text));
    exit_code_ = 1;
  }

  void take(core::RunProgram program) {
    config(program.serial);  // it has the limit
    program.id = tickets_.issue(program.id);
    programs_.add(std::move(program));
    run_programs();
  }

  template <class Other>
  void take(const Other&) {}

  /// Joins the director and the process of the virtual routers, of whom either may be new.
  void introduce() {
    if (!channel_) return;
    const auto [directors, theirs] = io::socket_pair();
    guard_.introduce(theirs);
    channel_->send(encode(core::Launch{core::NewRole{.kind = core::NewRole::Kind::vrrp}}), directors);
    ::close(directors);
    ::close(theirs);
    introduced_ = true;
  }

  // ---- Programs

  /// Programs are numbered by the configuration in force, which is loaded here only when one must run.
  const Config* config(std::uint32_t serial) {
    if (config_ && config_serial_ == serial) return &*config_;
    const core::Bundle* const bundle = bundles_.find(serial);
    if (bundle == nullptr) return nullptr;
    auto loaded = load(*bundle);
    if (!loaded) return nullptr;
    config_ = std::move(*loaded);
    config_serial_ = serial;
    if (!bundles_.outdated(serial)) programs_.set_limit(config_->global.script_limit);
    return &*config_;
  }

  void run_programs() {
    for (const core::RunProgram& program : programs_.start()) {
      const Config* const known = config(program.serial);
      const auto list = known == nullptr ? std::vector<const Command*>{} : commands(*known);
      if (program.number >= list.size() || list[program.number]->argv.empty())
        boost::asio::post(io_, [this, id = program.id] {
          program_done({.id = id, .exit_code = core::never_ran, .line = "not a program of this configuration"});
        });
      else
        run(program, *list[program.number], user(*known, *list[program.number]));
    }
  }

  void run(const core::RunProgram& program, const Command& command, const std::string& user) {
    std::vector<std::string> argv = command.argv;
    argv.insert(argv.end(), program.arguments.begin(), program.arguments.end());
    runner_.run({.id = program.id,
                 .argv = std::move(argv),
                 .environment = program.environment,
                 .user = user,
                 .limit_ms = program.limit_ms,
                 .leave_nothing = program.leave_nothing});
  }

  void take(const core::RunNft& order) {
    std::vector<std::string> argv = {"/usr/sbin/nft"};
    argv.insert(argv.end(), order.arguments.begin(), order.arguments.end());
    runner_.run({.id = tickets_.issue(order.id),
                 .argv = std::move(argv),
                 .input = order.input,
                 .limit_ms = std::chrono::milliseconds{nft_patience}.count()});
  }

  /// Programs never run as root unless the file says so.
  std::string user(const Config& config, const Command& command) {
    if (::geteuid() != 0) return {};
    const std::string& wanted = command.user.empty() ? config.global.script_user : command.user;
    if (io::user_exists(wanted)) return wanted;
    if (!std::exchange(told_user_, true))
      io::log(Level::warning, "NO_SUCH_USER", "user=" + io::quoted(wanted) + " text=\"programs run as nobody\"");
    return "nobody";
  }

  void program_done(core::ProgramDone done) {
    programs_.finished(done.id);
    if (const auto id = tickets_.redeem(done.id); id && channel_) {
      done.id = *id;
      channel_->send(encode(core::Launch{done}));
    }
    run_programs();
    forget_bundles();
  }

  // ---- The end

  void stop() {
    if (renewing_) return static_cast<void>(stop_after_ = true);
    if (std::exchange(stopping_, true)) return;
    io::tell_service("STOPPING=1");
    if (!crew_.routers_running()) return end_director();
    guard_.dismiss();  // first: what still comes to lent addresses needs services
    expect_routers();
  }

  void end_director() {
    if (director_.pid > 0 || !channel_) return stop_director();
    // It has crashed, and what it said last is heard first.
  }

  /// One that has crashed gets a successor, which takes away what it left in the kernel.
  void stop_director() {
    director_.timer.reset();
    if (director_.pid < 0) start_director();
    if (!channel_ || director_.pid < 0) return;
    tell(renewing_ ? core::Launch{core::Retire{}} : core::Launch{core::Signalled{SIGTERM}});
    patience_.expect(stop_patience, [this] {
      if (director_.pid > 0) ::kill(director_.pid, SIGKILL);
    });
  }

  void finish() {
    stopping_ = true;
    director_.timer.reset();  // it is not started again
    crew_.rest();
    patience_.expect(program_patience, [this] {
      crew_.kill();
      programs_.clear();
      runner_.kill_all();
      finish_when_done();
    });
    finish_when_done();
  }

  void finish_when_done() {
    if (!stopping_ || director_.pid > 0 || crew_.running() || runner_.running() + programs_.waiting() > 0) return;
    if (!crew_.routers_running()) return guard_.listens() ? void() : io_.stop();
    if (std::exchange(last_asked_, true)) return;
    if (renewing_)
      guard_.retire();
    else
      guard_.dismiss();
    expect_routers();
  }

  void expect_routers() {
    patience_.expect(routers_patience, [this] { crew_.kill_routers(); });
  }

  /// The same program, perhaps an upgraded one, in our place.
  void renew() {
    io::log(Level::notice, "RENEWED", "text=\"the program is executed anew\"");
    const auto why = io::renew(options_.own_arguments(io::own_program()), guard_.estate(), stop_after_ ? SIGTERM : 0);
    io::log(Level::error, "CANNOT_RENEW", "text=" + io::quoted(why));
    guard_.remove_all("its successor could not be executed");
    exit_code_ = 1;
  }

  Options options_;
  boost::asio::io_context io_ = {};
  boost::asio::signal_set signals_;
  boost::asio::signal_set children_;
  io::Patience patience_;  // with the director, then with programs
  io::Runner runner_;
  std::function<void()> ready_;
  core::Programs programs_{1};
  std::unique_ptr<io::Channel> channel_ = nullptr;
  Role director_ = {};
  std::string how_ = "";  // it ended
  Crew crew_;
  Guard guard_;
  bool introduced_ = false;  // the director and the virtual routers
  Drafts drafts_{options_.config, [this] { return config(bundles_.current()); }};
  Scribe scribe_{io_,
                 options_.state_file("versions"),
                 {.read = [this] { return read_bundle(options_.config); },
                  .objection = [this](const core::Texts& texts) { return drafts_.objection(texts); },
                  .tell = [this](const core::Launch& message) { return tell(message); }}};
  core::Bundles bundles_ = {};
  core::Tickets tickets_ = {};  // of programs and nft
  std::optional<Config> config_ = std::nullopt;
  std::uint32_t config_serial_ = 0;
  bool stopping_ = false;
  bool stop_after_ = false;  // a signal waits for the next of us
  bool renewing_ = false;    // stops in order to be executed anew
  bool last_asked_ = false;  // the process of the virtual routers, to end
  bool cleaned_ = false;     // a successor was started to that end
  bool told_user_ = false;
  int exit_code_ = 0;
};

}  // namespace

int run_launcher(const Options& options, std::function<void()> ready) {
  return Launcher{options, std::move(ready)}.run();
}

}  // namespace keepalive
