#include "parse.hpp"

#include <fmt/format.h>

#include <utility>

#include "check.hpp"
#include "draft.hpp"
#include "option_reader.hpp"
#include "values.hpp"
#include "words.hpp"

namespace ipvsadm {
namespace {

using Outcome = tl::expected<Command, Complaint>;

Outcome fail(std::string text) {
  return tl::unexpected{Complaint{.kind = Complaint::Kind::value, .text = std::move(text)}};
}

Outcome no_command(std::string_view program) {
  return tl::unexpected{Complaint{.kind = Complaint::Kind::no_command,
                                  .text = fmt::format("Try `{0} -h' or '{0} --help' for more information.", program)}};
}

Outcome bad_option(std::string_view word, OptionReader::Fault fault) {
  const std::string_view reason = fault == OptionReader::Fault::missing_argument    ? "missing argument"
                                  : fault == OptionReader::Fault::unwanted_argument ? "option does not take an argument"
                                                                                    : "unknown option";
  return tl::unexpected{Complaint{.kind = Complaint::Kind::option, .text = fmt::format("{}: {}", word, reason)}};
}

/// The command's own argument, refused before any other option is read.
Objection take_verb(Draft& draft, const Switch& command, std::string_view argument) {
  draft.verb = command.verb;
  draft.verb_argument = argument;
  if (draft.verb != Verb::start_daemon && draft.verb != Verb::stop_daemon) return {};
  if (const auto role = read_role(argument)) {
    draft.daemon.role = *role;
    return {};
  }
  return draft.verb == Verb::start_daemon ? "illegal start-daemon parameter specified"
                                          : "illegal start_daemon specified";
}

ipvs::ServiceKey service_key(const Draft& draft) {
  if (draft.mark.value != 0) return ipvs::FwmarkKey{.mark = draft.mark, .family = *draft.family};
  return ipvs::VipKey{.protocol = *draft.protocol, .endpoint = draft.service};
}

ipvs::Service service(const Draft& draft) {
  return {.key = service_key(draft),
          .scheduler = std::string{draft.scheduler.empty() ? "wlc" : draft.scheduler},
          .flags = draft.flags,
          .persistence = draft.persistence,
          .netmask = draft.netmask,
          .persistence_engine = std::string{draft.engine}};
}

ipvs::Destination destination(const Draft& draft) {
  ipvs::Destination server = draft.destination;
  // Only address translation can change the port on the way.
  if (draft.mark.value == 0 && server.forwarding != ipvs::Forwarding::masquerade)
    server.endpoint.port = draft.service.port;
  return server;
}

Layout layout(const OptionSet& given) {
  const Columns columns = given.has(Option::stats)             ? Columns::stats
                          : given.has(Option::rate)            ? Columns::rate
                          : given.has(Option::thresholds)      ? Columns::thresholds
                          : given.has(Option::persistent_conn) ? Columns::persistent_conn
                          : given.has(Option::tun_info)        ? Columns::tun_info
                                                               : Columns::usual;
  return {.columns = columns,
          .naming = given.has(Option::numeric) ? Naming::numbers : Naming::names,
          .format = given.has(Option::json) ? Format::json : Format::text,
          .exact = given.has(Option::exact),
          .sorted = !given.has(Option::nosort),
          .engines = given.has(Option::persistent_conn)};
}

Command list_command(const Draft& draft) {
  const Layout wanted = layout(draft.given);
  if (draft.given.has(Option::connection)) return ListConnections{wanted};
  if (draft.given.has(Option::service_address)) return ListService{service_key(draft), wanted};
  if (draft.given.has(Option::timeout)) return ListTimeouts{wanted.format};
  if (draft.given.has(Option::daemon)) return ListDaemons{wanted.format};
  return ListTable{wanted};
}

Command start_daemon(const Draft& draft) {
  ipvs::Daemon daemon = draft.daemon;
  if (daemon.interface.empty()) daemon.interface = "eth0";
  return StartDaemon{daemon};
}

Outcome watch(const Draft& draft) {
  Watch watch{.naming = draft.given.has(Option::numeric) ? Naming::numbers : Naming::names};
  if (draft.verb_argument.data() == nullptr) return watch;
  const auto seconds = read_number(draft.verb_argument, 1, 3600);
  if (!seconds) return fail(fmt::format("illegal interval `{}' specified: 1 to 3600 seconds", draft.verb_argument));
  watch.interval = std::chrono::seconds{*seconds};
  return watch;
}

Outcome command(const Draft& draft) {
  const Reach reach = draft.given.has(Option::only) ? Reach::only_named : Reach::whole_table;
  const Naming naming = draft.given.has(Option::numeric) ? Naming::numbers : Naming::names;
  switch (draft.verb) {
    case Verb::add_service:
      return Edit{ipvs::AddService{service(draft)}};
    case Verb::edit_service:
      return Edit{ipvs::EditService{service(draft)}};
    case Verb::delete_service:
      return Edit{ipvs::RemoveService{service_key(draft)}};
    case Verb::add_server:
      return Edit{ipvs::AddDestination{service_key(draft), destination(draft)}};
    case Verb::edit_server:
      return Edit{ipvs::EditDestination{service_key(draft), destination(draft)}};
    case Verb::delete_server:
      return Edit{ipvs::RemoveDestination{service_key(draft), draft.destination.endpoint}};
    case Verb::flush:
      return Flush{};
    case Verb::list:
      return list_command(draft);
    case Verb::zero:
      if (draft.given.has(Option::service_address)) return Zero{service_key(draft)};
      return Zero{};
    case Verb::set:
      return SetTimeouts{draft.timeouts};
    case Verb::start_daemon:
      return start_daemon(draft);
    case Verb::stop_daemon:
      return StopDaemon{draft.daemon.role};
    case Verb::restore:
      return Restore{};
    case Verb::save:
      return Save{naming};
    case Verb::plan:
      return Plan{std::string{draft.verb_argument}, reach, layout(draft.given).format};
    case Verb::apply:
      return Apply{std::string{draft.verb_argument}, reach};
    case Verb::watch:
      return watch(draft);
    case Verb::help:
      return ShowHelp{};
    default:
      return ShowVersion{};
  }
}

}  // namespace

int exit_status(Complaint::Kind kind) { return kind == Complaint::Kind::value ? 2 : 255; }

tl::expected<Command, Complaint> parse(std::string_view program, std::span<const std::string_view> words,
                                       Dialect dialect) {
  OptionReader reader{words, dialect};
  Draft draft;
  const OptionReader::Item first = reader.next();
  if (dialect == Dialect::ng && first.fault == OptionReader::Fault::missing_argument)
    return bad_option(reader.word(), first.fault);
  if (!first.option || first.option->token != Token::command) return no_command(program);
  if (auto objection = take_verb(draft, *first.option, first.argument.value_or(std::string_view{})))
    return fail(*std::move(objection));
  if (draft.verb == Verb::help || draft.verb == Verb::version) return command(draft);

  const bool oddly = dialect == Dialect::ipvsadm;  // which ends its complaint of -6 with two newlines
  OptionReader::Item item = reader.next();
  for (; item.option; item = reader.next()) {
    if (item.option->token == Token::command) return fail(fmt::format("invalid option `{}'", reader.word()));
    if (auto objection = take(draft, *item.option, item.argument.value_or(std::string_view{})))
      return fail(*objection + (oddly && item.option->token == Token::ipv6 ? "\n" : ""));
  }
  if (item.fault != OptionReader::Fault::none) return bad_option(reader.word(), item.fault);
  if (auto objection = finish(draft, reader.arguments())) return fail(*std::move(objection));
  if (auto objection = check(draft)) return fail(*std::move(objection));
  return command(draft);
}

}  // namespace ipvsadm
