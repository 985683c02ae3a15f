#include "probe/dns.hpp"

#include <fmt/format.h>
#include <sys/random.h>

#include <algorithm>

#include "probe/datagram.hpp"

namespace keepalive::probe {

Found DnsProbe::start() {
  const auto type = dns::type_number(check().record_type);
  if (!type) return unable(fmt::format("cannot probe: no record type `{}'", clean(check().record_type)));
  question_ = {.name = check().query, .type = *type};
  if (getrandom(&id_, sizeof id_, GRND_NONBLOCK) != sizeof id_) id_ = static_cast<std::uint16_t>(task().token);
  const auto message = dns::encode(id_, question_);
  if (!message) return unable(fmt::format("cannot probe: no domain name `{}'", clean(check().query)));
  return ask(fd_, task(), 0, *message);
}

Found DnsProbe::ready(std::uint32_t) {
  Found fault_of_socket;
  const auto datagram = next_datagram(fd_.get(), fault_of_socket);
  if (!datagram) return fault_of_socket;
  const auto answer = dns::decode(base::as_bytes(*datagram));
  if (!answer || answer->id != id_) return std::nullopt;
  if (answer->question.type != question_.type || !dns::same_name(answer->question.name, question_.name))
    return std::nullopt;
  return judge_dns(check(), *answer);
}

Finding judge_dns(const Check& check, const dns::Answer& answer) {
  if (answer.code != 0) return fault("DNS " + dns::code_name(answer.code));
  const auto address = ipvs::Address::parse(check.expect);
  const std::string wanted = address ? to_string(*address) : check.expect;
  const auto has = [&](const dns::Record& record) {
    return wanted.empty() ? record.type == dns::type_number(check.record_type) : dns::same_name(record.data, wanted);
  };
  if (std::ranges::any_of(answer.records, has)) return success(Fact::answered);
  const std::string_view cut = answer.truncated ? " (the answer is truncated)" : "";
  if (check.expect.empty()) {
    if (answer.truncated) return success(Fact::answered);
    return fault(fmt::format("no {} record of `{}'", check.record_type, clean(check.query)));
  }
  if (answer.records.empty()) return fault(fmt::format("no answer holds `{}'{}", clean(check.expect), cut));
  return fault(
      fmt::format("answer is `{}', wanted `{}'{}", clean(answer.records.back().data, 60), clean(check.expect), cut));
}

}  // namespace keepalive::probe
