// Reads the kernel's counters of many services a few at a time, so that nothing else has to wait.
#pragma once

#include <boost/asio/io_context.hpp>
#include <functional>
#include <vector>

#include "core/circumstances.hpp"
#include "ipvs++/client.hpp"

namespace keepalive::io {

/// Calls `done` when all are read; what could not be read is missing. `client` must outlive that.
void read_counts(boost::asio::io_context& io, ipvs::Client& client, std::vector<ipvs::ServiceKey> keys,
                 std::function<void(const core::CountTable&)> done);

/// The same, and the own counters of all other services that the kernel has, in one question.
void glance_counts(boost::asio::io_context& io, ipvs::Client& client, std::vector<ipvs::ServiceKey> keys,
                   std::function<void(const core::CountTable&)> done);

}  // namespace keepalive::io
