#include "run.hpp"

#include <variant>

#include "help.hpp"
#include "list.hpp"
#include "messages.hpp"
#include "plan.hpp"
#include "restore.hpp"
#include "watch.hpp"

namespace ipvsadm {
namespace {

struct EditKernel {
  ipvs::Client& client;

  auto operator()(const ipvs::AddService& edit) const { return client.add_service(edit.service); }
  auto operator()(const ipvs::EditService& edit) const { return client.edit_service(edit.service); }
  auto operator()(const ipvs::RemoveService& edit) const { return client.remove_service(edit.key); }
  auto operator()(const ipvs::AddDestination& edit) const {
    return client.add_destination(edit.service, edit.destination);
  }
  auto operator()(const ipvs::EditDestination& edit) const {
    return client.edit_destination(edit.service, edit.destination);
  }
  auto operator()(const ipvs::RemoveDestination& edit) const {
    return client.remove_destination(edit.service, edit.endpoint);
  }
};

struct Runner {
  Session& session;

  /// Asks the kernel for one change and tells of its refusal.
  template <class Request>
  Exit change(Request request) const {
    ipvs::Client* const client = session.kernel();
    if (!client) return Exit::misuse;
    if (const ipvs::Result<void> done = request(*client); !done) {
      session.complain(message(done.error()));
      return Exit::refused;
    }
    return Exit::success;
  }

  Exit operator()(const Edit& edit) const {
    return change([&](ipvs::Client& client) { return std::visit(EditKernel{client}, edit.change); });
  }
  Exit operator()(const Flush&) const {
    return change([](ipvs::Client& client) { return client.flush(); });
  }
  Exit operator()(const Zero& zero) const {
    return change([&](ipvs::Client& client) { return zero.key ? client.zero(*zero.key) : client.zero(); });
  }
  Exit operator()(const SetTimeouts& set) const {
    return change([&](ipvs::Client& client) { return client.set_timeouts(set.timeouts); });
  }
  Exit operator()(const StartDaemon& start) const {
    return change([&](ipvs::Client& client) { return client.start_daemon(start.daemon); });
  }
  Exit operator()(const StopDaemon& stop) const {
    return change([&](ipvs::Client& client) { return client.stop_daemon(stop.role); });
  }

  Exit operator()(const ListTable& list) const { return list_table(session, list.layout); }
  Exit operator()(const ListService& list) const { return list_service(session, list.key, list.layout); }
  Exit operator()(const ListConnections& list) const { return list_connections(session, list.layout); }
  Exit operator()(const ListTimeouts& list) const { return list_timeouts(session, list.format); }
  Exit operator()(const ListDaemons& list) const { return list_daemons(session, list.format); }
  Exit operator()(const Save& save) const { return save_table(session, save.naming); }

  Exit operator()(const Restore&) const { return restore(session, standard_input, Comments::kept); }
  Exit operator()(const Plan& plan) const { return show_plan(session, plan); }
  Exit operator()(const Apply& apply) const { return apply_file(session, apply); }
  Exit operator()(const Watch& watch) const { return ipvsadm::watch(session, watch); }

  Exit operator()(const ShowHelp&) const {
    print_help(session.out, session.program, session.dialect);
    return Exit::success;
  }
  Exit operator()(const ShowVersion&) const {
    print_version(session.out, session.dialect);
    return Exit::success;
  }
};

}  // namespace

Exit run(Session& session, const Command& command) { return std::visit(Runner{session}, command); }

}  // namespace ipvsadm
