// Lists for eyes, byte for byte as ipvsadm prints them.
#pragma once

#include <span>

#include "command.hpp"
#include "ipvs++/connections.hpp"
#include "ipvs++/daemon.hpp"
#include "ipvs++/destination.hpp"
#include "ipvs++/info.hpp"
#include "ipvs++/service.hpp"

namespace ipvsadm {

class Output;
class Endpoints;

void print_header(Output& out, const ipvs::Info& info);
void print_titles(Output& out, Columns columns);
/// One service and its servers.
void print_service(Output& out, Endpoints& names, const ipvs::ServiceEntry& service,
                   std::span<const ipvs::DestinationEntry> servers, const Layout& layout);

void print_connection_titles(Output& out, const Layout& layout);
void print_connection(Output& out, Endpoints& names, const ipvs::Connection& connection, const Layout& layout);

void print_timeouts(Output& out, const ipvs::Timeouts& timeouts);
void print_daemon(Output& out, const ipvs::Daemon& daemon);

}  // namespace ipvsadm
