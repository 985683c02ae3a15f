// The control API: what each path means (keepalive-api(7)). The director hands requests over and lends its powers.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/load.hpp"
#include "config/monitor.hpp"
#include "core/circumstances.hpp"
#include "core/engine.hpp"
#include "core/report.hpp"
#include "core/scrape.hpp"
#include "core/versions.hpp"
#include "io/control.hpp"

namespace keepalive {

class Editor;

/// How long a virtual router may take to tell of its new state.
constexpr std::chrono::seconds switchover_patience{5};

/// How a reload or a plan ended.
struct ReloadOutcome {
  std::string fault = "";  // rendered diagnostics; empty: taken
  std::size_t changes = 0;
  std::vector<std::string> refusals = {};  // by the kernel
};
struct PlanOutcome {
  Diagnostics faults = {};
  Diagnostics warnings = {};
  std::string refusal = "";  // by the kernel, of a look at its table
  core::Planned planned = {};
};

/// What the API may do to the director, and ask it.
class Powers {
 public:
  Powers() = default;
  Powers(const Powers&) = delete;
  Powers& operator=(const Powers&) = delete;
  virtual ~Powers() = default;

  virtual const core::Engine& engine() const = 0;
  virtual core::Circumstances circumstances() const = 0;
  virtual void handle(core::Event event) = 0;
  /// Of every service; of these.
  using Counted = std::function<void(const core::CountTable&)>;
  virtual void count(Counted done) = 0;
  virtual void count(std::vector<ipvs::ServiceKey> keys, Counted done) = 0;
  /// Of these, and of every other service its own counters without its servers'.
  virtual void glance(std::vector<ipvs::ServiceKey> keys, Counted done) = 0;
  /// The page of metrics, piece by piece.
  using Scraped = std::function<void(std::string_view piece, bool more)>;
  virtual void scrape(core::Format format, Scraped give) = 0;
  virtual void reload(std::function<void(const ReloadOutcome&)> done) = 0;
  /// `instead`: what these files are to hold, whatever is in them.
  virtual void plan(core::Texts instead, std::function<void(const PlanOutcome&)> done) = 0;
  virtual Editor& editor() = 0;
  virtual void examine(std::function<void(std::vector<core::Finding>)> done) = 0;
  /// Has a virtual router switch over; done when its process has told so, or has not for some seconds.
  virtual void switch_over(const core::OperateRouter& order, std::function<void(bool told)> done) = 0;
  /// Asks the agent of connection sync; its JSON, or nothing when there is none.
  using Asked = std::function<void(std::optional<std::string> json)>;
  virtual void ask_sync(const std::string& question, Asked done) = 0;
  /// Has the whole daemon executed anew, after the answer.
  virtual void renew() = 0;
  /// Gets every event from now on, as long as it lives.
  virtual void follow(std::shared_ptr<io::ControlReply> reply) = 0;
};

/// Answers one request, of somebody who may do so much. `powers` must outlive the reply.
void answer(Powers& powers, const io::ControlRequest& request, std::shared_ptr<io::ControlReply> reply,
            Monitor::Allow allow = Monitor::Allow::configure);

}  // namespace keepalive
