// How descriptors are waited for that may be closed meanwhile: by whoever reads them, or by what they tell of.
#pragma once

#include <boost/asio/posix/stream_descriptor.hpp>
#include <memory>

namespace keepalive::vrrp_role {

/// Calls `read_one` whenever something lies in the descriptor, which is a member of `reader`, until it is closed;
/// several times in one turn of the loop, until it returns false: nothing more is there.
template <class Reader>
void keep_reading(std::shared_ptr<Reader> reader, boost::asio::posix::stream_descriptor& descriptor,
                  bool (Reader::*read_one)()) {
  constexpr int reads_a_turn = 16;
  descriptor.async_wait(boost::asio::posix::stream_descriptor::wait_read,
                        [=, &descriptor](const boost::system::error_code& error) {
                          if (error) return;
                          for (int i = 0; i < reads_a_turn && descriptor.is_open(); ++i)
                            if (!((*reader).*read_one)()) break;
                          if (descriptor.is_open()) keep_reading(reader, descriptor, read_one);
                        });
}

}  // namespace keepalive::vrrp_role
