#include "plan.hpp"

#include <fcntl.h>
#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <optional>
#include <string>
#include <vector>

#include "base/fd.hpp"
#include "endpoints.hpp"
#include "json.hpp"
#include "messages.hpp"
#include "restore.hpp"
#include "rule_file.hpp"
#include "rules.hpp"

namespace ipvsadm {
namespace {

using Changes = std::vector<ipvs::Change>;

std::optional<ipvs::Table> read_file(Session& session, const std::string& file) {
  const bool input = file == "-";
  const std::string name = input ? "standard input" : file;
  const base::Fd opened{input ? -1 : ::open(file.c_str(), O_RDONLY | O_CLOEXEC)};
  if (!input && !opened) {
    session.complain(fmt::format("{}: cannot open: {}", name, std::strerror(errno)));
    return {};
  }
  auto table = read_rules(input ? standard_input : opened.get(), name);
  if (table) return *std::move(table);
  for (const std::string& complaint : table.error()) session.complain(complaint);
  return {};
}

/// The changes, or the exit status of what went wrong.
tl::expected<Changes, Exit> changes_for(Session& session, const std::string& file, Reach reach) {
  const auto wanted = read_file(session, file);
  if (!wanted) return tl::unexpected{Exit::misuse};
  ipvs::Client* const client = session.kernel();
  if (!client) return tl::unexpected{Exit::misuse};
  using Owner = ipvs::Comparison::Owner;
  const Owner owner = reach == Reach::whole_table ? Owner::us : Owner::others;
  ipvs::Comparison comparison{*wanted};
  const auto read = client->visit_table([&](const ipvs::TableService& actual) { comparison.see(actual, owner); });
  if (!read) {
    session.complain(message(read.error()));
    return tl::unexpected{Exit::list_failed};
  }
  return std::move(comparison).changes();
}

}  // namespace

Exit show_plan(Session& session, const Plan& plan) {
  const auto changes = changes_for(session, plan.file, plan.reach);
  if (!changes) return changes.error();
  if (plan.format == Format::json) {
    JsonList list{session.out, {}, "changes"};
    for (const ipvs::Change& change : *changes) list.add(to_json(change));
    list.finish();
  } else {
    Endpoints numbers{Naming::numbers};
    for (const ipvs::Change& change : *changes) print_rule(session.out, numbers, change);
  }
  return changes->empty() ? Exit::success : Exit::changes;
}

Exit apply_file(Session& session, const Apply& apply) {
  const auto changes = changes_for(session, apply.file, apply.reach);
  if (!changes) return changes.error();
  const auto refusals = session.kernel()->apply(*changes);
  if (!refusals) {
    session.complain(message(refusals.error()));
    return Exit::refused;
  }
  Endpoints numbers{Naming::numbers};
  for (const ipvs::Refusal& refusal : *refusals) {
    session.err.print("{}: ", message(refusal.error));
    print_rule(session.err, numbers, (*changes)[refusal.index]);
  }
  session.err.flush();
  return refusals->empty() ? Exit::success : Exit::refused;
}

}  // namespace ipvsadm
