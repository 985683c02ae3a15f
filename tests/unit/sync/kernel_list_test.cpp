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
      io, [&](const std::vector<Entry>&) { ++told; }, table.path);
  list.reset();
  io.run();
  CHECK(told == 0);
}

}  // namespace kernel_list_test
