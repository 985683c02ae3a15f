// The kernel's sync datagrams as they pass an interface, both ways: what our own daemon sends and what others do.
// A packet socket, since the kernel's sender does not let a multicast socket of the same host hear it.
#pragma once

#include <boost/asio/io_context.hpp>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <tl/expected.hpp>

#include "base/bytes.hpp"
#include "sync/settings.hpp"

namespace ipvs::sync {

struct Heard {
  bool own = false;  // sent by this host
  Endpoint source = {};
  Port port = {};  // of the group
  base::Bytes datagram = {};
};

class Capture {
 public:
  using Hear = std::function<void(const Heard&)>;

  /// Needs CAP_NET_RAW. Joins the group on the interface, so that the network sends it here. The error is a sentence.
  static tl::expected<Capture, std::string> open(boost::asio::io_context& io, const Line& line);

  Capture(Capture&&) noexcept = default;
  Capture& operator=(Capture&&) = delete;
  ~Capture();

  /// `hear` is called for every datagram until the capture is gone; it may read the bytes as long as it runs.
  void start(Hear hear);
  /// Datagrams that came faster than they were read, since the last call.
  std::uint64_t missed();

 private:
  struct Reader;
  explicit Capture(std::shared_ptr<Reader> reader);

  std::shared_ptr<Reader> reader_;
};

}  // namespace ipvs::sync
