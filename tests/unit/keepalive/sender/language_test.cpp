// What director and sender, director and metrics role tell each other.
#include <doctest/doctest.h>

#include <set>

#include "alerts.hpp"
#include "base/bytes.hpp"
#include "core/alerts.hpp"
#include "core/scrape.hpp"

using namespace keepalive;
using namespace keepalive::sender;

namespace {

const std::vector<core::Dispatch> dispatches{
    core::SenderSettings{"lvs1", "smtp://m", "me", "secret", "a@b", {"c@d", ""}, s(5), s(60), "https://h"},
    alert("SERVER_DOWN", "web/a"),
    core::Standing{{alert("SERVER_DOWN", "web/a"), info("X", "")}},
    core::Sent{"mail", std::string{"no\0pe", 5}},
};
const std::vector<core::Scraping> scrapings{core::Listen{ipvs::Endpoint::parse("[::1]:9650").value()}, core::Scrape{},
                                            core::Scraped{core::Format::classic, 7}};

template <class Message, class Decode>
void check(const std::vector<Message>& messages, Decode decode) {
  std::set<std::size_t> kinds;
  for (const Message& message : messages) {
    CAPTURE(message.index());
    kinds.insert(message.index());
    const std::string text = encode(message);
    CHECK(decode(base::as_bytes(text)) == message);
    for (std::size_t size = 0; size < text.size(); ++size) CHECK(!decode(base::as_bytes(text).first(size)));
    CHECK(!decode(base::as_bytes(text + "x")));
  }
  CHECK(kinds.size() == std::variant_size_v<Message>);
}

}  // namespace

TEST_CASE("a message comes through as it was; cut off anywhere, or longer, it is none") {
  check(dispatches, core::decode_dispatch);
  check(scrapings, core::decode_scraping);
}

TEST_CASE("an alert of a level that nobody knows is none") {
  std::string text = encode(dispatches[1]);
  text.back() = '\x09';
  CHECK(!core::decode_dispatch(base::as_bytes(text)));
}
