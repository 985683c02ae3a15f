// Between the wire's structs and the public values. The only place that knows about masks and prefixes, flag
// words, 16-byte address unions, and what kernels leave out. `from_wire` fails where an answer lacks what the
// kernel always tells, or tells what no public value can say.
#pragma once

#include <optional>

#include "ipvs++/daemon.hpp"
#include "ipvs++/destination.hpp"
#include "ipvs++/info.hpp"
#include "ipvs++/service.hpp"
#include "wire.hpp"

namespace ipvs::convert {

wire::Service to_wire(const ServiceKey& key);
wire::Service to_wire(const Service& service);
/// What names a destination within its service.
wire::Destination to_wire(const Endpoint& endpoint);
wire::Destination to_wire(const Destination& destination);
wire::Daemon to_wire(const Daemon& daemon);
wire::Config to_wire(const Timeouts& timeouts);

std::optional<ServiceEntry> from_wire(const wire::Service& wire);
/// `family` is the service's: kernels before 3.18 do not tell a destination's own.
std::optional<DestinationEntry> from_wire(const wire::Destination& wire, Family family);
std::optional<Daemon> from_wire(const wire::Daemon& wire);
std::optional<Info> from_wire(const wire::Info& wire);
std::optional<Timeouts> from_wire(const wire::Config& wire);

}  // namespace ipvs::convert
