#include "sync/io/conversation.hpp"

#include <doctest/doctest.h>

namespace conversation_test {

using namespace ipvs;
using namespace ipvs::sync;

TEST_CASE("whoever connects has an address, also one of a link") {
  struct Case {
    const char* text = "";
    const char* plain = "";
  };
  for (const Case& one : {Case{"192.0.2.1", "192.0.2.1"}, Case{"2001:db8::1", "2001:db8::1"},
                          Case{"fe80::1%7", "fe80::1"}, Case{"::ffff:192.0.2.1", "192.0.2.1"}})
    CHECK(to_string(plain(asio::ip::make_address(one.text))) == one.plain);
}

}  // namespace conversation_test
