// The rules that save prints and restore reads.
#pragma once

#include <string>

#include "command.hpp"
#include "ipvs++/table.hpp"

namespace ipvsadm {

class Output;
class Endpoints;

/// "-A -t 192.0.2.1:80 -s wlc" with a newline.
void print_rule(Output& out, Endpoints& names, const ipvs::Service& service);
/// "-a -t 192.0.2.1:80 -r 192.0.2.7:80 -g -w 1" with a newline.
void print_rule(Output& out, Endpoints& names, const ipvs::ServiceKey& service, const ipvs::Destination& server);
/// The edit as a command line of ipvsadm, with a newline.
void print_rule(Output& out, Endpoints& names, const ipvs::Change& change);

}  // namespace ipvsadm
