// The one full reading of the kernel's connections, at an agent's start: what was there before it. The kernel gives
// them out slowly and holds locks meanwhile, so it is done in a thread of its own, with pauses.
#pragma once

#include <atomic>
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "ipvs++/connections.hpp"
#include "sync/message.hpp"

namespace ipvs::sync {

/// Forwarding methods, by server; out of the text of /proc/net/ip_vs.
using Methods = std::map<Endpoint, std::uint32_t>;
Methods read_methods(std::string_view table);

/// Connections of each server, over all services; out of the same text. Cheap, whatever their number.
std::map<Address, std::uint64_t> read_counts(std::string_view table);
/// /proc/net/ip_vs.
std::string service_table();

/// As a datagram would say it; marks and moved sequence numbers are not in the list.
Entry entry_of(const Connection& connection, const Methods& methods);

class KernelList {
 public:
  using Take = std::function<void(const std::vector<Entry>&)>;
  using Over = std::function<void(const std::string& fault)>;

  /// Begins to read. On the loop `take` is called with some entries at a time, then `over`, once: with a sentence if it
  /// was not the whole list. Neither is called when the list is gone.
  KernelList(boost::asio::io_context& io, Take take, Over over, const std::string& file = "/proc/net/ip_vs_conn");
  KernelList(const KernelList&) = delete;
  KernelList& operator=(const KernelList&) = delete;
  /// On the loop. Waits for the thread, which stops at the next entry.
  ~KernelList();

  std::uint64_t entries() const { return entries_; }
  /// 0 while it reads.
  std::chrono::milliseconds took() const { return std::chrono::milliseconds{took_ms_.load()}; }

 private:
  std::shared_ptr<bool> gone_ = std::make_shared<bool>(false);  // the loop's
  std::atomic<bool> stop_ = false;
  std::atomic<std::uint64_t> entries_ = 0;
  std::atomic<std::int64_t> took_ms_ = 0;
  std::thread thread_;
};

}  // namespace ipvs::sync
