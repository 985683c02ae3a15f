// The examples of keepalive.conf(5), as a reader copies them.
#include <doctest/doctest.h>

#include <fstream>
#include <sstream>
#include <vector>

#include "texts.hpp"

namespace page_test {

using namespace keepalive;
using namespace keepalive::test;

namespace {

/// The page's examples that are configurations.
std::vector<std::string> examples() {
  std::ifstream page{MANUAL_PAGE};
  std::vector<std::string> list;
  bool inside = false;
  for (std::string line; std::getline(page, line);) {
    for (std::size_t place = 0; (place = line.find('\\', place)) != std::string::npos; ++place)
      line.replace(place, 2, line.substr(place + 1, 1) == "e" ? "\\" : line.substr(place + 1, 1));
    if (line == ".EX") list.emplace_back();
    if (inside && line != ".EE") list.back() += line + "\n";
    inside = line == ".EX" || (inside && line != ".EE");
  }
  std::erase_if(list, [](const std::string& text) { return !text.starts_with("["); });
  return list;
}

}  // namespace

TEST_CASE("the manual page's examples load") {
  const std::vector<std::string> all = examples();
  CHECK(all.size() >= 4);
  for (const std::string& text : all) {
    CAPTURE(text);
    const auto config = load_texts({{"k.conf", text},
                                    {"/etc/keepalive/mail.secret", "x"},
                                    {"/etc/keepalive/heartbeat.key", std::string(32, 'k')}});
    CHECK((config ? "" : base::render(config.error())) == "");
  }
}

}  // namespace page_test
