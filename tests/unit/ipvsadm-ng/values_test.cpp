#include "values.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace ipvsadm {
namespace {

TEST_CASE("read_number takes what strtol takes, whole and within limits") {
  struct Row {
    std::string_view text;
    std::optional<std::int64_t> number;
  };
  const auto rows = std::vector<Row>{{"0", 0},
                                     {"65535", 65535},
                                     {"65536", {}},
                                     {"-1", {}},
                                     {"", {}},
                                     {" 7", 7},
                                     {"\t+7", 7},
                                     {"007", 7},
                                     {"7 ", {}},
                                     {"7x", {}},
                                     {"0x7", {}},
                                     {"+", {}},
                                     {"+-7", {}},
                                     {"4294967297", {}},
                                     {"--7", {}},
                                     {"-0", 0},
                                     {"99999999999999999999999", {}}};
  for (const Row& row : rows) {
    CAPTURE(row.text);
    CHECK(read_number(row.text, 0, 65535) == row.number);
  }
}

std::string shown(std::string_view text, std::optional<ipvs::Protocol> protocol = ipvs::Protocol::tcp) {
  const auto place = read_host_port(text, protocol);
  if (!place) return "illegal";
  return ipvs::to_string(place->address) + (place->port ? " " + std::to_string(place->port->value) : " none");
}

TEST_CASE("addresses of services and servers as ipvsadm reads them") {
  struct Row {
    std::string_view text, shown;
  };
  const auto rows = std::vector<Row>{
      {"10.0.0.1:80", "10.0.0.1 80"},
      {"10.0.0.1", "10.0.0.1 none"},
      {"10.1:80", "10.0.0.1 80"},
      {"0x0a000001:80", "10.0.0.1 80"},
      {"012.0.0.1:80", "10.0.0.1 80"},
      {"10.0.0.1 :80", "10.0.0.1 80"},
      {"10.0.0.1:+80", "10.0.0.1 80"},
      {"10.0.0.1: 80", "10.0.0.1 80"},
      {"10.0.0.1:00080", "10.0.0.1 80"},
      {"10.0.0.1:", "illegal"},
      {"10.0.0.1:0x50", "illegal"},
      {"10.0.0.1:80 ", "illegal"},
      {"10.0.0.1:65536", "illegal"},
      {"10.0.0.1:ssh", "10.0.0.1 22"},
      {"10.0.0.1:domain", "illegal"},
      {"www.example.net:80", "192.0.2.80 80"},
      {"nowhere.example.net:80", "illegal"},
      {"80", "illegal"},
      {"", "illegal"},
      {":80", "illegal"},
      {"[fd00::1]:80", "fd00::1 80"},
      {"[10.0.0.1]:80", "10.0.0.1 80"},
      {"[www.example.net]:80", "192.0.2.80 80"},
      {"[fd00::1]", "illegal"},
      {"[fd00::1]80", "illegal"},
      {"[fd00::1", "illegal"},
      {"fd00::1", "fd00::1 none"},
      {"fd00::1:80", "fd00::1:80 none"},
      {"::", ":: none"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.text);
    CHECK(shown(row.text) == row.shown);
  }
}

TEST_CASE("without a protocol, ports are numbers only") {
  CHECK(shown("10.0.0.1:ssh", std::nullopt) == "illegal");
  CHECK(shown("10.0.0.1:22", std::nullopt) == "10.0.0.1 22");
}

TEST_CASE("an IPv4 mask is any text that names an address") {
  CHECK(read_ipv4_mask("255.255.255.0") == 0xffffff00U);
  CHECK(read_ipv4_mask("24") == 24U);
  CHECK(read_ipv4_mask("x") == std::nullopt);
}

TEST_CASE("IPv4 text with a NUL byte or of any length is refused without harm") {
  CHECK(read_ipv4(std::string_view{"10.0.0.1\0", 9}) == std::nullopt);
  CHECK(read_ipv4(std::string(100000, '1')) == std::nullopt);
}

}  // namespace
}  // namespace ipvsadm
