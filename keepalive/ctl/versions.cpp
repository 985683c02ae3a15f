#include "versions.hpp"

#include <fmt/format.h>

#include <map>
#include <set>
#include <string>
#include <tl/expected.hpp>

#include "difference.hpp"
#include "fields.hpp"
#include "render.hpp"
#include "say.hpp"

namespace keepalive::ctl {
namespace {

using Texts = std::map<std::string, std::string>;

/// Files that stand on one side of it.
struct Side {
  std::string name = "";
  Texts texts = {};
};
using Found = tl::expected<Side, Exit>;

Texts texts_in(std::string_view body) {
  Texts texts;
  const auto told = read_object(body);
  for (const auto& value : list(told, "files")) {
    const auto& file = as_object(value);
    texts[text(file, "path")] = lines(file, "text");
  }
  return texts;
}

tl::expected<std::string, Exit> answer_of(Session& session, const std::string& target) {
  const auto reply = session.client.get(target);
  if (!reply) return tl::unexpected{unreachable(session, reply.error())};
  if (reply->status != 200) return tl::unexpected{refused(session, *reply)};
  return reply->body;
}

Found version(Session& session, const std::string& number) {
  const auto body = answer_of(session, "/v1/config/versions/" + number);
  if (!body) return tl::unexpected{body.error()};
  return Side{"version " + number, texts_in(*body)};
}

/// The newest that is not what is loaded; without one, `loaded` itself.
Found other_than(Session& session, const std::string& config, const Side& loaded) {
  const auto told = read_object(config);
  for (const auto& value : list(told, "versions")) {
    auto one = version(session, std::to_string(number(as_object(value), "number").value_or(0)));
    if (!one || one->texts != loaded.texts) return one;
  }
  return loaded;
}

std::string differences(const Side& before, const Side& after) {
  std::set<std::string> paths;
  for (const Side* const side : {&before, &after})
    for (const auto& [path, text] : side->texts) paths.insert(path);
  const auto text_of = [](const Side& side, const std::string& path) {
    const auto found = side.texts.find(path);
    return found == side.texts.end() ? std::string{} : found->second;
  };
  std::string out;
  for (const std::string& path : paths)
    out += difference(fmt::format("{}\t{}", path, before.name), text_of(before, path),
                      fmt::format("{}\t{}", path, after.name), text_of(after, path));
  return out;
}

}  // namespace

Exit compare_versions(Session& session, const Command& command) {
  Side after;
  Found before = Side{};
  if (!command.other.empty()) {
    const Found other = version(session, command.other);
    if (!other) return other.error();
    after = *other;
    before = version(session, command.object);
  } else {
    const auto config = answer_of(session, "/v1/config");
    if (!config) return config.error();
    after = {"loaded", texts_in(*config)};
    before = command.object.empty() ? other_than(session, *config, after) : version(session, command.object);
  }
  if (!before) return before.error();
  const std::string text = differences(*before, after);
  const bool alone = before->name == after.name && command.object.empty();
  session.out << (!text.empty() ? text : alone ? std::string{no_other_version} : "no difference\n");
  return Exit::done;
}

}  // namespace keepalive::ctl
