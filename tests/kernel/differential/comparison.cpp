#include "comparison.hpp"

#include <array>
#include <csignal>
#include <memory>
#include <sstream>
#include <stdexcept>

#include "namespace.hpp"
#include "state.hpp"
#include "traffic.hpp"

namespace differential {
namespace {

constexpr int most_readings = 40;  // of a table that moves

struct Side {
  Outcome outcome = {};
  std::string state = {};
};

std::string indented(const std::string& text) {
  if (text.empty()) return "      (nothing)\n";
  std::string lines;
  std::istringstream in{text};
  for (std::string line; std::getline(in, line);) lines += "      |" + line + "\n";
  if (!text.ends_with('\n')) lines += "      (no newline at the end)\n";
  return lines;
}

std::string status(const Outcome& outcome) {
  if (outcome.signal == SIGALRM) return "does not end";
  if (outcome.signal != 0) return "signal " + std::to_string(outcome.signal);
  return "exit " + std::to_string(outcome.exit);
}

std::string both(const char* what, const std::string& wanted, const std::string& got) {
  return std::string{"    "} + what + " wanted:\n" + indented(wanted) + "    " + what + " of ours:\n" + indented(got);
}

// What ours has to do: as the peer did, or as is documented.
Side expected(const Step& step, const Side& peer) {
  if (!step.documented) return peer;
  Side wanted = peer;
  const Documented& documented = *step.documented;
  if (documented.out) wanted.outcome.out = *documented.out;
  if (documented.err) wanted.outcome.err = *documented.err;
  if (documented.exit) {
    wanted.outcome.exit = *documented.exit;
    wanted.outcome.signal = 0;
  }
  return wanted;
}

std::string differences(const Side& wanted, const Side& got, bool compare_state) {
  std::string report;
  if (wanted.outcome.exit != got.outcome.exit || wanted.outcome.signal != got.outcome.signal) {
    report += "    wanted: " + status(wanted.outcome) + ", ours: " + status(got.outcome) + "\n";
  }
  if (wanted.outcome.out != got.outcome.out) report += both("stdout", wanted.outcome.out, got.outcome.out);
  if (wanted.outcome.err != got.outcome.err) report += both("stderr", wanted.outcome.err, got.outcome.err);
  if (compare_state && wanted.state != got.state) report += both("kernel", wanted.state, got.state);
  return report;
}

Command peer_restore(const Program& peer, const std::string& rules) {
  Command command;
  command.path = peer.folder() + "/ipvsadm";
  command.argv = {"ipvsadm", "-R"};
  command.input = Input::text;
  command.input_text = rules;
  return command;
}

void prepare(const Setup& setup, const Program& peer) {
  for (const auto& words : setup.programs) {
    Command command;
    command.path = "/usr/bin/env";
    command.argv = {"env"};
    command.argv.insert(command.argv.end(), words.begin(), words.end());
    const Outcome outcome = run(command);
    if (outcome.exit != 0) throw std::runtime_error("setup: " + words[0] + ": " + outcome.err);
  }
  if (!setup.rules.empty()) {
    const Outcome outcome = run(peer_restore(peer, setup.rules));
    if (outcome.exit != 0 || !outcome.err.empty()) throw std::runtime_error("setup: " + outcome.err);
  }
  for (const auto& words : setup.traffic) make_traffic(words);
}

// Two namespaces with a setup in them. They serve the next case too if it has the same setup and the steps so
// far left no trace.
struct Stage {
  Setup setup = {};
  bool same_namespace = false;
  Namespace peer = Namespace::fresh();
  Namespace ours = Namespace::fresh();
  std::string untouched = {};
};

class Comparison {
 public:
  Comparison(const Case& one, const Program& peer, const Program& ours) : case_{one}, peer_{peer}, ours_{ours} {}

  Judgement judge() {
    try {
      if (!stage_ || stage_->setup != case_.setup || stage_->same_namespace != case_.same_namespace) set_up();
      for (const Step& step : case_.steps) {
        if (!judge(step)) break;
      }
    } catch (...) {
      stage_.reset();
      throw;
    }
    const bool traces = last_.state != stage_->untouched || states_differ_ || !case_.setup.traffic.empty();
    if (traces || !judgement_.report.empty()) stage_.reset();
    return std::move(judgement_);
  }

 private:
  void set_up() {
    stage_.reset();
    stage_ = std::make_unique<Stage>();
    stage_->setup = case_.setup;
    stage_->same_namespace = case_.same_namespace;
    stage_->peer.enter();
    prepare(case_.setup, peer_);
    stage_->untouched = kernel_state();
    if (case_.same_namespace) return;
    stage_->ours.enter();
    prepare(case_.setup, peer_);
  }

  bool judge(const Step& step) {
    auto [peer, ours] = case_.same_namespace ? run_between(step) : run_apart(step);
    last_ = ours;
    const Side wanted = expected(step, peer);
    states_differ_ = states_differ_ || (step.documented && step.documented->state);
    std::string report = differences(wanted, ours, !states_differ_);
    if (step.documented) {
      judgement_.verdict = Verdict::documented;
      if (report.empty() && differences(peer, ours, true).empty())
        report = "    documented, but the peer does the same\n";
    }
    if (report.empty()) return true;
    judgement_.verdict = Verdict::differ;
    judgement_.report = "DIFFER " + case_.file + ":" + std::to_string(step.line) + ": " + case_.title + "\n  $ " +
                        step.program + " " + step.text + "\n" + report;
    return false;
  }

  std::array<Side, 2> run_apart(const Step& step) {
    std::array<Side, 2> sides;
    stage_->peer.enter();
    sides[0].outcome = peer_.run(step);
    sides[0].state = kernel_state();
    stage_->ours.enter();
    sides[1].outcome = ours_.run(step);
    sides[1].state = kernel_state();
    return sides;
  }

  // In one namespace whose counters and clocks move: ours counts when the peer says the same before and after.
  std::array<Side, 2> run_between(const Step& step) {
    std::array<Side, 2> sides;
    sides[0].outcome = peer_.run(step);
    for (int reading = 0; reading < most_readings; ++reading) {
      sides[1].outcome = ours_.run(step);
      Outcome again = peer_.run(step);
      if (again == sides[0].outcome) return sides;
      sides[0].outcome = std::move(again);
    }
    throw std::runtime_error("the peer never answers twice alike: " + step.text);
  }

  static std::unique_ptr<Stage> stage_;

  const Case& case_;
  const Program& peer_;
  const Program& ours_;
  Judgement judgement_ = {};
  Side last_ = {};
  bool states_differ_ = false;
};

std::unique_ptr<Stage> Comparison::stage_;

}  // namespace

std::string show(const Case& one, const Program& program) {
  std::string text = one.title + "\n";
  const Namespace own = Namespace::fresh();
  prepare(one.setup, program);
  for (const Step& step : one.steps) {
    const Outcome outcome = program.run(step);
    text += "  $ " + step.program + " " + step.text + "\n    " + status(outcome) + "\n    stdout:\n" +
            indented(outcome.out) + "    stderr:\n" + indented(outcome.err);
  }
  return text + "    kernel:\n" + indented(kernel_state());
}

Judgement compare(const Case& one, const Program& peer, const Program& ours) {
  return Comparison{one, peer, ours}.judge();
}

}  // namespace differential
