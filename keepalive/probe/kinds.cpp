#include "probe/kinds.hpp"

#include <array>

#include "probe/dns.hpp"
#include "probe/file.hpp"
#include "probe/http.hpp"
#include "probe/ping.hpp"
#include "probe/script.hpp"
#include "probe/tcp.hpp"
#include "probe/udp.hpp"
#include "probe/url.hpp"

namespace keepalive::probe {
namespace {

class FaultyProbe final : public Probe {
 public:
  using Probe::Probe;
  Found start() override { return unable("cannot probe: " + reason()); }
  Found ready(std::uint32_t) override { return std::nullopt; }

 private:
  std::string reason() const {
    return task().plan->fault.empty() ? "[global] path_marks has no mark left" : task().plan->fault;
  }
};

/// It would go to the service as a client's packets do, to any server.
bool lacks_mark(const Task& task) { return task.behind != ipvs::Endpoint{} && task.mark.value == 0; }

using Maker = std::unique_ptr<Probe> (*)(Urls& urls, Task task);

template <class Kind>
std::unique_ptr<Probe> make(Urls&, Task task) {
  return std::make_unique<Kind>(std::move(task));
}

std::unique_ptr<Probe> make_url(Urls& urls, Task task) { return std::make_unique<UrlProbe>(urls, std::move(task)); }

/// What a probe of our own cannot do, libcurl does.
template <class Kind>
std::unique_ptr<Probe> make_lean(Urls& urls, Task task) {
  const Check& check = task.check();
  const bool plain = check.security == Security::plain && check.http_version != "2" && !check.follow;
  return plain && check.login.empty() ? make<Kind>(urls, std::move(task)) : make_url(urls, std::move(task));
}

struct Row {
  CheckType type;
  Maker make;
};
constexpr auto rows = std::to_array<Row>({
    {CheckType::tcp, make_lean<TcpProbe>},
    {CheckType::udp, make<UdpProbe>},
    {CheckType::ping, make<PingProbe>},
    {CheckType::dns, make<DnsProbe>},
    {CheckType::http, make_lean<HttpProbe>},
    {CheckType::https, make_url},
    {CheckType::smtp, make_url},
    {CheckType::imap, make_url},
    {CheckType::pop3, make_url},
    {CheckType::ftp, make_url},
    {CheckType::ldap, make_url},
    {CheckType::rtsp, make_url},
    {CheckType::script, make<ScriptProbe>},
    {CheckType::file, make<FileProbe>},
});

}  // namespace

std::unique_ptr<Probe> make_probe(Urls& urls, Task task) {
  if (!task.plan->fault.empty() || lacks_mark(task)) return make<FaultyProbe>(urls, std::move(task));
  for (const Row& row : rows)
    if (row.type == task.check().type) return row.make(urls, std::move(task));
  return make<FaultyProbe>(urls, std::move(task));  // not reached: the table is whole
}

}  // namespace keepalive::probe
