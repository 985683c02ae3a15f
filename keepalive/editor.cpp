#include "editor.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "api.hpp"

namespace keepalive {

void Editor::read(const core::Bundle& bundle) {
  paths_ = bundle.sources;
  texts_.clear();
  for (const std::string& path : paths_) texts_[path] = bundle.texts.at(path);
}

void Editor::hear(core::Launch& message) {
  if (auto* const versions = std::get_if<core::Versions>(&message))
    if (auto waiting = looks_.extract(versions->id)) waiting.mapped()(std::move(*versions));
  if (const auto* const wrote = std::get_if<core::Wrote>(&message))
    if (const auto waiting = writes_.extract(wrote->id)) waiting.mapped()(*wrote);
  if (const auto* const now = std::get_if<core::PendingIs>(&message)) pending_ = now->pending;
  if (const auto* const news = std::get_if<core::RolledBack>(&message)) rolled_back(*news);
}

void Editor::look(std::uint64_t number, std::function<void(const Sight&)> done) {
  looks_[++last_] = [this, done = std::move(done)](core::Versions&& answer) {
    Sight sight{.versions = std::move(answer.list), .pending = pending_};
    for (const std::string& path : paths_)
      sight.files.push_back({.path = path, .text = texts_.at(path), .writable = answer.writable[path]});
    done(sight);
  };
  tell_(core::AskVersions{.id = last_, .number = number, .paths = paths_});
}

std::string Editor::objection(const core::Texts& files) const {
  for (const auto& [path, text] : files)
    if (!texts_.contains(path)) return fmt::format("{} is no file of the configuration", path);
  return {};
}

void Editor::apply(Order order, Applied done) {
  const std::uint64_t generation = powers_.engine().generation();
  if (order.base && *order.base != generation)
    return done(
        {.status = 409,
         .fault = fmt::format("these texts were made from configuration {}, but {} is in force: look at it first",
                              *order.base, generation)});
  const std::string fault = order.of == 0 ? objection(order.files) : std::string{};
  if (!fault.empty()) return done({.status = 409, .fault = fault});
  core::Texts files = order.files;
  powers_.plan(std::move(files), [this, order = std::move(order), done = std::move(done)](const PlanOutcome& outcome) {
    if (!outcome.faults.empty())
      return done({.status = 409,
                   .fault = "the configuration has faults; nothing is written",
                   .diagnostics = base::render(outcome.faults)});
    write(order, done);
  });
}

void Editor::write(Order order, Applied done) {
  core::WriteFiles message{.id = ++last_,
                           .files = order.files,
                           .before = texts_,
                           .by = order.by,
                           .comment = order.comment,
                           .generation = powers_.engine().generation() + 1,
                           .confirm_s = order.confirm_s,
                           .of = order.of};
  writes_[last_] = [this, order = std::move(order), done = std::move(done)](const core::Wrote& answer) {
    written(order, answer, done);
  };
  tell_(std::move(message));
}

void Editor::written(const Order& order, const core::Wrote& answer, const Applied& done) {
  if (!answer.fault.empty()) return done({.status = 409, .fault = answer.fault});
  note(order, answer.version);
  powers_.reload([this, done, version = answer.version](const ReloadOutcome& outcome) {
    if (!outcome.fault.empty())
      return done({.status = 409,
                   .fault = fmt::format("version {} is written, but has faults now; the configuration before it stays "
                                        "in force: roll it back",
                                        version),
                   .diagnostics = outcome.fault});
    done({.applied = {.version = version,
                      .generation = powers_.engine().generation(),
                      .changes = outcome.changes,
                      .refusals = outcome.refusals,
                      .pending = pending_}});
  });
}

void Editor::note(const Order& order, std::uint64_t version) {
  using Kind = core::Edited::Kind;
  powers_.handle(core::Edited{.kind = order.of == 0 ? Kind::applied : Kind::rolled_back,
                              .version = version,
                              .of = order.of,
                              .by = order.by,
                              .comment = order.comment,
                              .confirm_s = order.confirm_s});
}

void Editor::roll_back(std::uint64_t version, std::uint32_t confirm_s, const std::string& by, Applied done) {
  look(version, [this, version, confirm_s, by, done = std::move(done)](const Sight& sight) {
    const auto found = std::ranges::find(sight.versions, version, &core::ConfigVersion::number);
    if (found == sight.versions.end() || found->texts.empty())
      return done({.status = 404, .fault = fmt::format("version {} is not kept", version)});
    apply({.files = found->texts,
           .by = by,
           .comment = fmt::format("back to version {}", version),
           .confirm_s = confirm_s,
           .of = version},
          done);
  });
}

void Editor::confirm(const std::string& by, std::function<void(std::uint64_t, const std::string&)> done) {
  if (!pending_) return done(0, "no version of the configuration waits to be confirmed");
  writes_[++last_] = [this, by, done = std::move(done)](const core::Wrote& answer) {
    if (answer.fault.empty())
      powers_.handle(core::Edited{.kind = core::Edited::Kind::confirmed, .version = answer.version, .by = by});
    done(answer.version, answer.fault);
  };
  tell_(core::ConfirmFiles{last_});
}

void Editor::rolled_back(const core::RolledBack& news) {
  powers_.handle(core::Edited{.kind = core::Edited::Kind::rolled_back, .version = news.version, .of = news.of});
  powers_.reload([](const ReloadOutcome&) {});
}

}  // namespace keepalive
