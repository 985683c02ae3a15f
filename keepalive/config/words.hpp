// The words of enumerations, as the file writes them.
#pragma once

#include <algorithm>
#include <array>
#include <string_view>

#include "config/setters.hpp"

namespace keepalive::config {

template <class Words>
constexpr bool stands_in(const Words& words, std::string_view text) {
  return std::any_of(words.begin(), words.end(), [&](const auto& one) { return one.word == text; });
}

inline constexpr auto check_types = std::to_array<setters::Word<CheckType>>({{"tcp", CheckType::tcp},
                                                                             {"udp", CheckType::udp},
                                                                             {"ping", CheckType::ping},
                                                                             {"dns", CheckType::dns},
                                                                             {"http", CheckType::http},
                                                                             {"https", CheckType::https},
                                                                             {"smtp", CheckType::smtp},
                                                                             {"imap", CheckType::imap},
                                                                             {"pop3", CheckType::pop3},
                                                                             {"ftp", CheckType::ftp},
                                                                             {"ldap", CheckType::ldap},
                                                                             {"rtsp", CheckType::rtsp},
                                                                             {"script", CheckType::script},
                                                                             {"file", CheckType::file}});
inline constexpr auto securities = std::to_array<setters::Word<Security>>(
    {{"plain", Security::plain}, {"tls", Security::tls}, {"starttls", Security::starttls}});
inline constexpr auto vias = std::to_array<setters::Word<Via>>({{"address", Via::address}, {"path", Via::path}});
inline constexpr auto versions =
    std::to_array<setters::Word<std::string_view>>({{"1.0", "1.0"}, {"1.1", "1.1"}, {"2", "2"}});
inline constexpr auto failures =
    std::to_array<setters::Word<OnFailure>>({{"remove", OnFailure::remove}, {"quiesce", OnFailure::quiesce}});
inline constexpr auto starts = std::to_array<setters::Word<Start>>({{"up", Start::up}, {"down", Start::down}});
inline constexpr auto readmits = std::to_array<setters::Word<bool>>({{"active", false}, {"quiescent", true}});
inline constexpr auto forwards = std::to_array<setters::Word<ipvs::Forwarding>>({{"nat", ipvs::Forwarding::masquerade},
                                                                                 {"dr", ipvs::Forwarding::direct_route},
                                                                                 {"tunnel", ipvs::Forwarding::tunnel},
                                                                                 {"local", ipvs::Forwarding::local},
                                                                                 {"bypass", ipvs::Forwarding::bypass}});
inline constexpr auto tunnels = std::to_array<setters::Word<ipvs::TunnelType>>(
    {{"ipip", ipvs::TunnelType::ipip}, {"gue", ipvs::TunnelType::gue}, {"gre", ipvs::TunnelType::gre}});
inline constexpr auto checksums = std::to_array<setters::Word<std::uint16_t>>({{"no", 0}, {"yes", 1}, {"remote", 2}});
inline constexpr auto protocols = std::to_array<setters::Word<ipvs::Protocol>>(
    {{"tcp", ipvs::Protocol::tcp}, {"udp", ipvs::Protocol::udp}, {"sctp", ipvs::Protocol::sctp}});
inline constexpr auto families =
    std::to_array<setters::Word<ipvs::Family>>({{"ipv4", ipvs::Family::ipv4}, {"ipv6", ipvs::Family::ipv6}});
inline constexpr auto stops =
    std::to_array<setters::Word<AtStop>>({{"remove", AtStop::remove}, {"keep", AtStop::keep}});
inline constexpr auto beginnings =
    std::to_array<setters::Word<AtStart>>({{"adopt", AtStart::adopt}, {"flush", AtStart::flush}});
inline constexpr auto forwardings = std::to_array<setters::Word<bool>>({{"auto", true}, {"leave", false}});
inline constexpr auto drifts =
    std::to_array<setters::Word<Drift>>({{"repair", Drift::repair}, {"report", Drift::report}});

inline constexpr auto schedulers = std::to_array<setters::Word<std::string_view>>({{"rr", "rr"},
                                                                                   {"wrr", "wrr"},
                                                                                   {"lc", "lc"},
                                                                                   {"wlc", "wlc"},
                                                                                   {"lblc", "lblc"},
                                                                                   {"lblcr", "lblcr"},
                                                                                   {"dh", "dh"},
                                                                                   {"sh", "sh"},
                                                                                   {"sed", "sed"},
                                                                                   {"nq", "nq"},
                                                                                   {"fo", "fo"},
                                                                                   {"ovf", "ovf"},
                                                                                   {"mh", "mh"},
                                                                                   {"twos", "twos"}});
inline constexpr auto engines = std::to_array<setters::Word<std::string_view>>({{"sip", "sip"}});
inline constexpr auto record_types = std::to_array<setters::Word<std::string_view>>({{"A", "A"},
                                                                                     {"AAAA", "AAAA"},
                                                                                     {"CNAME", "CNAME"},
                                                                                     {"MX", "MX"},
                                                                                     {"NS", "NS"},
                                                                                     {"PTR", "PTR"},
                                                                                     {"SOA", "SOA"},
                                                                                     {"SRV", "SRV"},
                                                                                     {"TXT", "TXT"}});
inline constexpr auto mail_schemes = std::to_array<std::string_view>({"smtp://", "smtps://"});
inline constexpr auto web_schemes = std::to_array<std::string_view>({"http://", "https://"});
inline constexpr auto whole_paths = std::to_array<std::string_view>({"/"});

inline constexpr auto flag_words =
    std::to_array<setters::Word<ipvs::ServiceFlag>>({{"flag-1", ipvs::ServiceFlag::sched1},
                                                     {"flag-2", ipvs::ServiceFlag::sched2},
                                                     {"flag-3", ipvs::ServiceFlag::sched3},
                                                     {"sh-fallback", ipvs::ServiceFlag::sh_fallback},
                                                     {"sh-port", ipvs::ServiceFlag::sh_port},
                                                     {"mh-fallback", ipvs::ServiceFlag::mh_fallback},
                                                     {"mh-port", ipvs::ServiceFlag::mh_port}});

}  // namespace keepalive::config
