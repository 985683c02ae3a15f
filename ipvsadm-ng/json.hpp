// Lists as JSON, for programs: the schema is in ipvsadm-ng(8). Numbers are exact, addresses numeric.
#pragma once

#include <boost/json/object.hpp>
#include <span>

#include "ipvs++/connections.hpp"
#include "ipvs++/daemon.hpp"
#include "ipvs++/destination.hpp"
#include "ipvs++/info.hpp"
#include "ipvs++/service.hpp"
#include "ipvs++/table.hpp"

namespace ipvsadm {

class Output;

boost::json::object to_json(const ipvs::ServiceKey& key);
boost::json::object to_json(const ipvs::ServiceEntry& service, std::span<const ipvs::DestinationEntry> servers);
boost::json::object to_json(const ipvs::Connection& connection);
boost::json::object to_json(const ipvs::Timeouts& timeouts);
boost::json::object to_json(const ipvs::Daemon& daemon);
boost::json::object to_json(const ipvs::Change& change);

/// Writes `{… "NAME": [` now, one item at each add(), and `]}` at the end: memory does not grow with the list.
class JsonList {
 public:
  /// `head`: members that stand before the list.
  JsonList(Output& out, const boost::json::object& head, std::string_view name);
  void add(const boost::json::object& item);
  void finish();

 private:
  Output& out_;
  bool first_ = true;
};

}  // namespace ipvsadm
