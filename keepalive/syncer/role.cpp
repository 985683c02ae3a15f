#include "syncer/role.hpp"

#include <boost/asio/io_context.hpp>
#include <csignal>
#include <memory>
#include <string>
#include <utility>

#include "base/bytes.hpp"
#include "core/sync_words.hpp"
#include "io/channel.hpp"
#include "io/log.hpp"
#include "sync/io/agent.hpp"

namespace keepalive::syncer {
namespace {

using ipvs::sync::Agent;
using ipvs::sync::AgentSettings;
using ipvs::sync::Report;

class Role {
 public:
  Role(boost::asio::io_context& io, int channel_fd)
      : io_{io},
        channel_{
            io, channel_fd, {[this](std::string_view bytes, const base::Fd&) { hear(bytes); }, [&io] { io.stop(); }}} {}

 private:
  void hear(std::string_view bytes) {
    auto message = core::decode_sync(base::as_bytes(bytes));
    if (!message) return;
    if (auto* set = std::get_if<core::SetAgent>(&*message)) use(std::move(set->settings));
    if (const auto* question = std::get_if<core::SyncQuestion>(&*message)) {
      const std::string none = "{\"error\":\"the agent is not set up yet\"}\n";
      channel_.send(
          encode(core::SyncWords{core::SyncAnswer{question->id, agent_ ? agent_->answer(question->text) : none}}));
    }
  }

  void use(AgentSettings settings) {
    if (agent_ && agent_->can_use(settings)) return agent_->use(settings);
    agent_.reset();
    agent_ = std::make_unique<Agent>(io_, std::move(settings));
    agent_->on_report([this](const Report& report) { tell(report); });
  }

  void tell(const Report& report) {
    std::string faults;
    for (const std::string& fault : report.faults) faults += (faults.empty() ? "" : "; ") + fault;
    if (faults != faults_ && !faults.empty())
      io::log(io::Level::warning, "SYNC_AGENT_FAULT", "text=" + io::quoted(faults));
    if (faults != faults_ && faults.empty()) io::log(io::Level::info, "SYNC_AGENT_WELL", "");
    faults_ = faults;
    channel_.send(encode(core::SyncWords{core::SyncTold{report}}));
  }

  boost::asio::io_context& io_;
  std::unique_ptr<Agent> agent_ = nullptr;
  std::string faults_ = "";
  io::Channel channel_;
};

}  // namespace

int run_sync(int channel_fd) {
  std::signal(SIGPIPE, SIG_IGN);
  boost::asio::io_context io;
  const Role role{io, channel_fd};
  io.run();
  return 0;
}

}  // namespace keepalive::syncer
