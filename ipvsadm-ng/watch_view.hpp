// What --watch shows, as lines of text. Pure: watch.cpp reads the kernel and draws.
#pragma once

#include <string>
#include <vector>

#include "endpoints.hpp"
#include "ipvs++/destination.hpp"
#include "ipvs++/service.hpp"

namespace ipvsadm {

/// A service with its servers, as read at one moment.
struct Watched {
  ipvs::ServiceEntry service = {};
  std::vector<ipvs::DestinationEntry> servers = {};
};

enum class WatchOrder { table, connections, packets, bytes, active };

/// Services, and the servers within each, busiest first; or in the order of lists.
void sort(std::vector<Watched>& table, WatchOrder order);

std::string watch_titles();
/// One line for each service and server.
std::vector<std::string> watch_lines(const std::vector<Watched>& table, Endpoints& names);

}  // namespace ipvsadm
