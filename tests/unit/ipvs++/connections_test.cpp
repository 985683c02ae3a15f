// Lines come from /proc/net/ip_vs_conn and ip_vs_conn_sync of Linux 6.1.
#include "ipvs++/connections.hpp"

#include <doctest/doctest.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <vector>

using namespace ipvs;

namespace {

constexpr auto plain_header = "Pro FromIP   FPrt ToIP     TPrt DestIP   DPrt State       Expires PEName PEData\n";
constexpr auto sync_header = "Pro FromIP   FPrt ToIP     TPrt DestIP   DPrt State       Origin Expires\n";

/// A file with this content, gone at the end.
class File {
 public:
  explicit File(std::string_view content) {
    const int fd = mkstemp(path_.data());
    REQUIRE(fd >= 0);
    REQUIRE(write(fd, content.data(), content.size()) == static_cast<ssize_t>(content.size()));
    close(fd);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  ~File() { unlink(path_.c_str()); }
  const std::string& path() const { return path_; }

 private:
  std::string path_ = "/tmp/connections.XXXXXX";
};

Result<std::vector<Connection>> read(std::string_view content, ConnectionFile form = ConnectionFile::plain) {
  const File file{content};
  auto reader = ConnectionReader::open(file.path(), form);
  if (!reader) return tl::unexpected(reader.error());
  std::vector<Connection> all;
  for (Connection connection;;) {
    const auto more = reader->next(connection);
    if (!more) return tl::unexpected(more.error());
    if (!*more) return all;
    all.push_back(connection);
  }
}

Connection only(std::string_view line, ConnectionFile form = ConnectionFile::plain) {
  const auto all =
      read(std::string{form == ConnectionFile::plain ? plain_header : sync_header} + std::string{line}, form);
  REQUIRE(all);
  REQUIRE(all->size() == 1);
  return all->front();
}

Endpoint endpoint(const char* text) { return Endpoint::parse(text).value(); }

}  // namespace

TEST_CASE("an IPv4 connection") {
  CHECK(only("TCP 0A000001 EC22 0A000001 0050 7F000001 1F90 ESTABLISHED     899\n") ==
        Connection{.protocol = Protocol::tcp,
                   .client = endpoint("10.0.0.1:60450"),
                   .virtual_endpoint = endpoint("10.0.0.1:80"),
                   .destination = endpoint("127.0.0.1:8080"),
                   .state = "ESTABLISHED",
                   .expires = Seconds{899}});
}

TEST_CASE("an IPv6 template of persistence") {
  CHECK(only("TCP fd00:0000:0000:0000:0000:0000:0000:0001 0000 fd00:0000:0000:0000:0000:0000:0000:0001 0050 "
             "0000:0000:0000:0000:0000:0000:0000:0001 1F90 ASSURED          60\n") ==
        Connection{.protocol = Protocol::tcp,
                   .client = endpoint("[fd00::1]:0"),
                   .virtual_endpoint = endpoint("[fd00::1]:80"),
                   .destination = endpoint("[::1]:8080"),
                   .state = "ASSURED",
                   .expires = Seconds{60}});
}

TEST_CASE("a template of a mark has protocol IP and the mark for its address") {
  const Connection connection = only("IP  0A000001 0000 00000007 0000 7F000001 0000 ASSURED         100\n");
  CHECK(connection.protocol == static_cast<Protocol>(0));
  CHECK(connection.virtual_endpoint == endpoint("0.0.0.7:0"));
}

TEST_CASE("a persistence engine and what it keys on") {
  const Connection connection =
      only("UDP 0A000001 0000 0A000001 13C4 7F000001 13C5 NONE            100 sip 1234567@host with blanks\n");
  CHECK(connection.protocol == Protocol::udp);
  CHECK(connection.persistence_engine == "sip");
  CHECK(connection.persistence_data == "1234567@host with blanks");
  CHECK_FALSE(connection.synced);
}

TEST_CASE("ip_vs_conn_sync tells where an entry was made") {
  CHECK(only("UDP 0A000001 D30B 0A000001 13C4 7F000001 13C5 UDP         LOCAL      300\n", ConnectionFile::with_origin)
            .synced == false);
  CHECK(only("UDP 0A000001 D30B 0A000001 13C4 7F000001 13C5 UDP         SYNC       300\n", ConnectionFile::with_origin)
            .synced == true);
}

TEST_CASE("every protocol name of the kernel is known, others come as IP_n") {
  const auto protocol = [](const std::string& name) {
    return static_cast<int>(only(name + " 0A000001 0000 0A000001 13C4 7F000001 13C5 NONE 100\n").protocol);
  };
  CHECK(protocol("TCP") == 6);
  CHECK(protocol("UDP") == 17);
  CHECK(protocol("SCTP") == 132);
  CHECK(protocol("AH") == 51);
  CHECK(protocol("ESP") == 50);
  CHECK(protocol("IP") == 0);
  CHECK(protocol("ICMPv6") == 58);
  CHECK(protocol("IP_47") == 47);
  CHECK(ipvs::to_string(ipvs::Protocol{58}) == "ICMPv6");
  CHECK(ipvs::to_string(ipvs::Protocol{0}) == "IP");
  CHECK(ipvs::to_string(ipvs::Protocol{47}) == "47");
}

TEST_CASE("an entry's memory is filled anew: nothing stays of the entry before") {
  const auto all = read(std::string{plain_header} +
                        "UDP 0A000001 0000 0A000001 13C4 7F000001 13C5 NONE            100 sip 1234567@host\n"
                        "UDP 0A000001 D30B 0A000001 13C4 7F000001 13C5 UDP             300\n");
  REQUIRE(all);
  REQUIRE(all->size() == 2);
  CHECK(all->back().persistence_engine.empty());
  CHECK(all->back().persistence_data.empty());
}

TEST_CASE("a table longer than any buffer is read whole") {
  std::string content = plain_header;
  for (int i = 0; i < 5000; ++i) content += "TCP 0A000001 EC22 0A000001 0050 7F000001 1F90 ESTABLISHED     899\n";
  const auto all = read(content);
  REQUIRE(all);
  CHECK(all->size() == 5000);
}

TEST_CASE("an empty table, and a file without even a header") {
  CHECK(read(plain_header)->empty());
  CHECK(read("")->empty());
}

TEST_CASE("a line of another form is EBADMSG and is named") {
  for (const char* line : {"TCP\n", "\n", "XYZ 0A000001 EC22 0A000001 0050 7F000001 1F90 ESTABLISHED 899\n",
                           "TCP 0A000001 EC22 0A000001 0050 7F000001 1F90 ESTABLISHED\n",
                           "TCP 0A00000G EC22 0A000001 0050 7F000001 1F90 ESTABLISHED 899\n",
                           "TCP 0A000001 1EC22 0A000001 0050 7F000001 1F90 ESTABLISHED 899\n",
                           "TCP 0A000001 EC22 0A000001 0050 7F000001 1F90 ESTABLISHED 8x9\n",
                           "TCP ::::::::::::::::::::::::::::::::::::::: 0 ::1 0 ::1 0 NONE 1\n",
                           "IP_256 0A000001 EC22 0A000001 0050 7F000001 1F90 ESTABLISHED 899\n",
                           "TCP 0A000001 EC22 0A000001 0050 7F000001 1F90 ESTABLISHED 899"}) {
    CAPTURE(line);
    const auto all = read(std::string{plain_header} + line);
    REQUIRE_FALSE(all);
    CHECK(all.error().code == EBADMSG);
    CHECK(all.error().operation == Operation::list_connections);
  }
  CHECK(read("TCP\n").error().subject == "TCP");
}

TEST_CASE("a line without end is refused, not gathered") {
  const auto all = read(std::string(1'000'000, 'x'));
  REQUIRE_FALSE(all);
  CHECK(all.error().code == EBADMSG);
  CHECK(all.error().subject.size() < 100);
}

TEST_CASE("a file that is not there names itself") {
  const auto reader = ConnectionReader::open("/nonexistent", ConnectionFile::plain);
  REQUIRE_FALSE(reader);
  CHECK(reader.error() == Error{ENOENT, Operation::list_connections, "/nonexistent"});
}
