#include "probe/udp.hpp"

#include <fmt/format.h>

#include "probe/answer.hpp"
#include "probe/datagram.hpp"

namespace keepalive::probe {

Found UdpProbe::start() { return ask(fd_, task(), 0, check().send); }

Found UdpProbe::ready(std::uint32_t) {
  Found fault_of_socket;
  const auto answer = next_datagram(fd_.get(), fault_of_socket);
  if (!answer) return fault_of_socket;
  if (answer->size() > check().body_limit) return too_long(check());
  const Plan& plan = *task().plan;
  if (!plan.expect) return success(Fact::answered);
  Effort effort;
  return judge_match(plan, *answer, plan.expect->look(*answer, effort));
}

Finding UdpProbe::expired() {
  const bool wanted = check().reply || task().plan->expect;
  return wanted ? Probe::expired() : success(Fact::quiet);
}

}  // namespace keepalive::probe
