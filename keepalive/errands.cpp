#include "errands.hpp"

#include <algorithm>

#include "journal_log.hpp"

namespace keepalive {

void Errands::run(const core::Run& order, std::uint32_t serial) {
  const auto same = [&](const auto& one) { return one.second.target == order.target && one.second.run == order.run; };
  if (order.target != 0 && std::any_of(running_.begin(), running_.end(), same)) return;
  const std::uint32_t id = next_++;
  running_.emplace(id, order);
  tell_(core::RunProgram{.id = id,
                         .object = order.object,
                         .serial = serial,
                         .number = static_cast<std::uint32_t>(order.number),
                         .arguments = order.arguments,
                         .environment = order.environment,
                         .limit_ms = order.limit_ms,
                         .leave_nothing = order.target != 0});
}

void Errands::run_nft(bool look, std::vector<std::string> arguments, const std::string& input) {
  const std::uint32_t id = next_++;
  rules_.emplace(id, look);
  tell_(core::RunNft{.id = id, .arguments = std::move(arguments), .input = input});
}

void Errands::done(const core::ProgramDone& done) {
  if (const auto rules = rules_.extract(done.id))
    return powers_.handle(
        core::RulesDone{.look = rules.mapped(), .good = done.exit_code == 0, .text = done.line, .digest = done.digest});
  const auto found = running_.find(done.id);
  if (found == running_.end()) return;
  const core::Run run = std::move(found->second);
  running_.erase(found);
  if (run.target != 0)
    roles_.tell_prober(run.prober, core::ScriptDone{run.target, run.run, done.exit_code, done.timed_out, done.line});
  else if (done.exit_code != 0)
    log_failure(run.object, done);
  if (run.ticket != 0) powers_.handle(core::ProgramEnded{run.ticket, done.exit_code, done.timed_out, done.line});
}

}  // namespace keepalive
