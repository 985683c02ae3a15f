#include "api_config.hpp"

#include <fmt/format.h>

#include "base/text.hpp"
#include "core/editing.hpp"
#include "editor.hpp"

namespace keepalive::api {
namespace {

constexpr std::int64_t shortest_term_s = 10;
constexpr std::int64_t longest_term_s = 3600;
constexpr std::int64_t most = 0x7fffffffffffffff;

/// {"files":[{"path","text"}]}
Read<core::Texts> files(const boost::json::object& object) {
  core::Texts texts;
  const auto* const found = object.if_contains("files");
  const auto* const list = found == nullptr ? nullptr : found->if_array();
  if (list == nullptr || list->empty()) return tl::unexpected<std::string>{"`files' wants a list of path and text"};
  for (const auto& one : *list) {
    const auto* const file = one.if_object();
    const auto* const path = file == nullptr ? nullptr : file->if_contains("path");
    const auto* const text = file == nullptr ? nullptr : file->if_contains("text");
    if (path == nullptr || text == nullptr || !path->is_string() || !text->is_string())
      return tl::unexpected<std::string>{"`files' wants a list of path and text"};
    if (!texts.emplace(path->get_string().c_str(), std::string{text->get_string()}).second)
      return tl::unexpected{fmt::format("{} stands in `files' twice", path->get_string().c_str())};
  }
  return texts;
}

/// Seconds; 0: there is no term.
Read<std::uint32_t> term(const boost::json::object& object) {
  const auto* const found = object.if_contains("confirm_s");
  if (found == nullptr || found->is_null()) return 0U;
  const auto seconds = number(object, "confirm_s", shortest_term_s, longest_term_s, std::nullopt);
  if (!seconds) return tl::unexpected{seconds.error()};
  return static_cast<std::uint32_t>(*seconds);
}

std::vector<core::ConfigFault> told(const PlanOutcome& outcome) {
  std::vector<core::ConfigFault> list;
  for (const Diagnostics* const all : {&outcome.faults, &outcome.warnings})
    for (const base::Diagnostic& one : *all)
      list.push_back({.path = std::string{one.position.file.text()},
                      .line = one.position.line,
                      .column = one.position.column,
                      .warning = one.kind == base::Diagnostic::Kind::warning,
                      .text = one.text});
  return list;
}

Editor::Applied answer_to(const Reply& reply) {
  return [reply](const Editor::Outcome& outcome) {
    if (!outcome.fault.empty()) return refuse(reply, outcome.status, outcome.fault, outcome.diagnostics);
    reply->give(200, json_type, core::applied(outcome.applied));
  };
}

Read<Editor::Order> order(const Call& call) {
  const auto object = body(call, {"files", "base", "comment", "confirm_s"});
  if (!object) return tl::unexpected{object.error()};
  const auto texts = files(*object);
  const auto base = number(*object, "base", 0, most, std::nullopt);
  const auto comment = text(*object, "comment");
  const auto confirm_s = term(*object);
  for (const std::string& fault : {texts ? "" : texts.error(), base ? "" : base.error(), comment ? "" : comment.error(),
                                   confirm_s ? "" : confirm_s.error()})
    if (!fault.empty()) return tl::unexpected{fault};
  return Editor::Order{.files = *texts,
                       .base = static_cast<std::uint64_t>(*base),
                       .by = call.by,
                       .comment = *comment,
                       .confirm_s = *confirm_s};
}

}  // namespace

void get_config(Powers& powers, const Call&, const Reply& reply) {
  powers.editor().look(0, [&powers, reply](const Editor::Sight& sight) {
    reply->give(200, json_type, core::configuration(sight, powers.engine().generation()));
  });
}

void get_version(Powers& powers, const Call& call, const Reply& reply) {
  const std::string& word = call.words[3];
  const std::uint64_t number = base::read_number<std::uint64_t>(word).value_or(0);
  if (number == 0) return refuse(reply, 404, fmt::format("`{}' is no version's number", word));
  powers.editor().look(number, [reply, number](const Editor::Sight& sight) {
    for (const core::ConfigVersion& one : sight.versions)
      if (one.number == number && !one.texts.empty()) return reply->give(200, json_type, core::version_files(one));
    refuse(reply, 404, fmt::format("version {} is not kept", number));
  });
}

void post_check(Powers& powers, const Call& call, const Reply& reply) {
  const auto object = body(call, {"files"});
  if (!object) return refuse(reply, 400, object.error());
  auto texts = files(*object);
  if (!texts) return refuse(reply, 400, texts.error());
  if (const auto fault = powers.editor().objection(*texts); !fault.empty()) return refuse(reply, 409, fault);
  powers.plan(std::move(*texts), [reply](const PlanOutcome& outcome) {
    const bool planned = outcome.faults.empty() && outcome.refusal.empty();
    reply->give(200, json_type, core::checked(told(outcome), planned ? &outcome.planned : nullptr));
  });
}

void post_apply(Powers& powers, const Call& call, const Reply& reply) {
  auto wanted = order(call);
  if (!wanted) return refuse(reply, 400, wanted.error());
  powers.editor().apply(std::move(*wanted), answer_to(reply));
}

void post_confirm(Powers& powers, const Call& call, const Reply& reply) {
  const auto nothing = body(call, {});
  if (!nothing) return refuse(reply, 400, nothing.error());
  powers.editor().confirm(call.by, [reply](std::uint64_t version, const std::string& fault) {
    if (!fault.empty()) return refuse(reply, 409, fault);
    reply->give(200, json_type, core::confirmed(version));
  });
}

void post_rollback(Powers& powers, const Call& call, const Reply& reply) {
  const auto object = body(call, {"version", "confirm_s"});
  if (!object) return refuse(reply, 400, object.error());
  const auto version = number(*object, "version", 1, most, std::nullopt);
  if (!version) return refuse(reply, 400, version.error());
  const auto confirm_s = term(*object);
  if (!confirm_s) return refuse(reply, 400, confirm_s.error());
  powers.editor().roll_back(static_cast<std::uint64_t>(*version), *confirm_s, call.by, answer_to(reply));
}

}  // namespace keepalive::api
