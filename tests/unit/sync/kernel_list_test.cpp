#include "sync/io/kernel_list.hpp"

#include <doctest/doctest.h>
#include <unistd.h>

#include <boost/asio/io_context.hpp>
#include <fstream>
#include <optional>

namespace kernel_list_test {

using namespace ipvs::sync;

namespace {

/// /proc/net/ip_vs_conn with so many connections, gone with the test.
struct Table {
  explicit Table(int connections) {
    ::close(::mkstemp(path.data()));
    std::ofstream file{path};
    file << "Pro FromIP   FPrt ToIP     TPrt DestIP   DPrt State       Expires PEName PEData\n";
    for (int i = 0; i < connections; ++i)
      file << "TCP 0A000007 " << std::hex << 0x1000 + i << std::dec
           << " 0A000064 0050 0A00000B 0050 ESTABLISHED     899\n";
  }
  Table(const Table&) = delete;
  Table& operator=(const Table&) = delete;
  ~Table() { ::unlink(path.c_str()); }
  std::string path = "/tmp/ipvs-sync-table.XXXXXX";
};

}  // namespace

TEST_CASE("what a list that is gone had still to tell is told to nobody") {
  const Table table{2500};
  boost::asio::io_context io;
  int told = 0;
  std::optional<KernelList> list;
  list.emplace(
      io, [&](const std::vector<Entry>&) { ++told; }, [&](const std::string&) { ++told; }, table.path);
  list.reset();
  io.run();
  CHECK(told == 0);
}

TEST_CASE("a list is whole, or it is told why it is not") {
  const Table table{1500}, cut{3};
  std::ofstream{cut.path, std::ios::app} << "TCP 0A000007";
  struct Case {
    std::string path = "";
    std::size_t entries = 0;
    std::string fault = "";  // in the sentence
  };
  for (const Case& one : {Case{table.path, 1500, ""}, Case{cut.path, 3, "TCP 0A000007"},
                          Case{"/nonesuch/ip_vs_conn", 0, "/nonesuch/ip_vs_conn"}}) {
    CAPTURE(one.path);
    boost::asio::io_context io;
    std::size_t entries = 0;
    std::vector<std::string> ends;
    const KernelList list{io, [&](const std::vector<Entry>& some) { entries += some.size(); },
                          [&](const std::string& fault) { ends.push_back(fault); }, one.path};
    io.run();
    CHECK(entries == one.entries);
    REQUIRE(ends.size() == 1);
    CHECK(ends[0].empty() == one.fault.empty());
    CHECK(ends[0].find(one.fault) != std::string::npos);
  }
}

}  // namespace kernel_list_test
