#include "probe/kinds.hpp"

#include <array>

#include "probe/dns.hpp"
#include "probe/file.hpp"
#include "probe/http.hpp"
#include "probe/ping.hpp"
#include "probe/script.hpp"
#include "probe/tcp.hpp"
#include "probe/udp.hpp"

namespace keepalive::probe {
namespace {

class FaultyProbe final : public Probe {
 public:
  using Probe::Probe;
  Found start() override { return fault("cannot probe: " + task().plan->fault); }
  Found ready(std::uint32_t) override { return std::nullopt; }
};

using Maker = std::unique_ptr<Probe> (*)(Workshop& workshop, Task task);

template <class Kind>
std::unique_ptr<Probe> make(Workshop&, Task task) {
  return std::make_unique<Kind>(std::move(task));
}

struct Row {
  CheckType type;
  Maker make;
};
constexpr auto rows = std::to_array<Row>({
    {CheckType::tcp, make<TcpProbe>},
    {CheckType::udp, make<UdpProbe>},
    {CheckType::ping, make<PingProbe>},
    {CheckType::dns, make<DnsProbe>},
    {CheckType::http, make<HttpProbe>},
    {CheckType::script, make<ScriptProbe>},
    {CheckType::file, make<FileProbe>},
});

}  // namespace

std::unique_ptr<Probe> make_probe(Workshop& workshop, Task task) {
  if (!task.plan->fault.empty()) return make<FaultyProbe>(workshop, std::move(task));
  for (const Row& row : rows)
    if (row.type == task.check().type) return row.make(workshop, std::move(task));
  return make<FaultyProbe>(workshop, std::move(task));
}

}  // namespace keepalive::probe
