#include "monitor/audit.hpp"

#include <fmt/format.h>

#include "io/log.hpp"

namespace keepalive::monitor {
namespace {

constexpr std::size_t longest_told = 200;  // of a body

}  // namespace

bool is_audited(const Route& route) { return route.need >= Need::operate && route.method != "GET"; }

std::string audit_text(const Request& request, const Route& route, const Actor& actor, unsigned status) {
  const bool whole = route.need != Need::configure && request.body.size() <= longest_told;
  return fmt::format("user={} from={} director={} what={} {} status={}", io::quoted(actor.user), to_string(actor.from),
                     io::quoted(actor.director), io::quoted(request.method + " " + request.path),
                     whole ? "body=" + io::quoted(request.body) : fmt::format("bytes={}", request.body.size()), status);
}

}  // namespace keepalive::monitor
