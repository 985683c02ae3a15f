#include "restore.hpp"

#include <fmt/format.h>

#include <cstring>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "endpoints.hpp"
#include "messages.hpp"
#include "parse.hpp"
#include "rules.hpp"
#include "run.hpp"

namespace ipvsadm {
namespace {

constexpr std::size_t batch_size = 512;  // edits held in memory at once; more would only touch more pages

std::string place(std::size_t line) { return fmt::format("standard input:{}: ", line); }

class Restorer {
 public:
  Restorer(Session& session, int descriptor, Comments comments) : session_{session}, reader_{descriptor, comments} {}

  Exit run();

 private:
  /// Carries out one line; a status if reading must stop here.
  std::optional<Exit> line();
  std::optional<Exit> object(const Complaint& complaint);
  std::optional<Exit> carry_out(const Command& command);
  std::optional<Exit> stop(RuleReader::Outcome outcome);

  /// Sends what is waiting; the status of the last line.
  Exit flush();
  void complain_of_all(std::string_view text);
  void complain(std::size_t line, std::string_view text, const ipvs::Change* change = nullptr);

  Session& session_;
  RuleReader reader_;
  std::vector<ipvs::Change> edits_ = {};
  std::vector<std::size_t> lines_ = {};  // where each edit stands
  Exit last_ = Exit::success;            // of the last line carried out
};

Exit Restorer::run() {
  if (!session_.kernel()) return Exit::misuse;
  for (auto outcome = reader_.next(); outcome != RuleReader::Outcome::end; outcome = reader_.next()) {
    if (outcome != RuleReader::Outcome::line) return *stop(outcome);
    if (const auto stopped = line()) return *stopped;
  }
  return flush();
}

std::optional<Exit> Restorer::line() {
  auto command = parse(session_.program, reader_.words(), session_.dialect);
  if (!command) return object(command.error());
  if (auto* edit = std::get_if<Edit>(&*command)) {
    edits_.push_back(std::move(edit->change));
    lines_.push_back(reader_.line_number());
    if (edits_.size() >= batch_size) flush();
    return {};
  }
  return carry_out(*command);
}

std::optional<Exit> Restorer::object(const Complaint& complaint) {
  flush();
  complain(reader_.line_number(), complaint.text);
  const auto status = static_cast<Exit>(exit_status(complaint.kind));
  if (complaint.kind != Complaint::Kind::option) return status;
  last_ = status;
  return {};
}

std::optional<Exit> Restorer::carry_out(const Command& command) {
  flush();
  if (std::holds_alternative<Restore>(command)) {
    const auto nested = parse(session_.program, {}, session_.dialect);
    return object(nested.error());
  }
  if (std::holds_alternative<Plan>(command) || std::holds_alternative<Apply>(command) ||
      std::holds_alternative<Watch>(command))
    return object({.text = "--plan, --apply and --watch do not stand among rules"});
  if (session_.dialect == Dialect::ng) session_.set_place(place(reader_.line_number()));
  last_ = ipvsadm::run(session_, command);
  session_.set_place({});
  const bool ends = std::holds_alternative<ShowHelp>(command) || std::holds_alternative<ShowVersion>(command) ||
                    last_ == Exit::list_failed;
  if (ends) return last_;
  return {};
}

std::optional<Exit> Restorer::stop(RuleReader::Outcome outcome) {
  flush();
  if (outcome == RuleReader::Outcome::too_long) {
    complain(reader_.line_number(), RuleReader::too_long_text());
    return Exit::misuse;
  }
  return last_;  // a folder or a closed descriptor holds no rules
}

Exit Restorer::flush() {
  if (edits_.empty()) return last_;
  const auto refusals = session_.kernel()->apply(edits_);
  last_ = Exit::success;
  if (!refusals) {
    complain_of_all(message(refusals.error()));
    last_ = Exit::refused;
  } else {
    for (const ipvs::Refusal& refusal : *refusals)
      complain(lines_[refusal.index], message(refusal.error), &edits_[refusal.index]);
    if (!refusals->empty() && refusals->back().index + 1 == edits_.size()) last_ = Exit::refused;
  }
  edits_.clear();
  lines_.clear();
  return last_;
}

/// Of the lines that were sent together nobody knows which the kernel took.
void Restorer::complain_of_all(std::string_view text) {
  if (session_.dialect == Dialect::ipvsadm) return session_.complain(text);
  const std::string range = lines_.front() == lines_.back() ? std::to_string(lines_.front())
                                                            : fmt::format("{}-{}", lines_.front(), lines_.back());
  session_.complain(
      fmt::format("standard input:{}: {}; some of it may be in force: `{} --plan FILE' shows what is missing", range,
                  text, session_.program));
}

void Restorer::complain(std::size_t line, std::string_view text, const ipvs::Change* change) {
  if (session_.dialect == Dialect::ipvsadm) {
    session_.complain(text);
    return;
  }
  session_.out.flush();
  session_.err.print("{}{}{}", place(line), text, change ? ": " : "\n");
  Endpoints numbers{Naming::numbers};
  if (change) print_rule(session_.err, numbers, *change);
  session_.err.flush();
}

}  // namespace

Exit restore(Session& session, int descriptor, Comments comments) {
  return Restorer{session, descriptor, comments}.run();
}

}  // namespace ipvsadm
