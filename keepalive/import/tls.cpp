// SSL { … }: the certificate that checks show.
#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "import/site.hpp"

namespace keepalive::import {

void know_tls(Site& site, const Node& node) {
  Desk desk{site, site.out.section("")};
  constexpr std::array<std::pair<std::string_view, std::string_view>, 2> files{
      {{"certificate", "certificate"}, {"key", "key"}}};
  for (const Node* const one : counting(desk, node.children)) {
    const auto* const file =
        std::find_if(files.begin(), files.end(), [&](const auto& pair) { return pair.first == one->words.front(); });
    if (file == files.end()) {
      desk.lose(*one,
                one->words.front() == "ca"
                    ? "keepalived verifies no server, and nothing here does: say verify = yes and ca = file:… to do so"
                    : "a password stands in a file that only its owner may read: key_password = file:…");
      continue;
    }
    const bool there = file->first == "key" ? site.files.read_secret(one->word(1)).has_value()
                                            : site.files.read(one->word(1)).has_value();
    const auto value = written("file:" + one->word(1));
    if (there && value && one->word(1).starts_with('/'))
      site.tls.emplace(file->second, *value);
    else
      desk.lose(
          *one,
          fmt::format("cannot be read here, by its whole path: {} = file:{} in checks of type https, once it is there, "
                      "a key with mode 0600",
                      file->second, one->word(1)));
    desk.took();
  }
  if (site.tls.size() == 1) site.tls.clear();  // each is nothing without the other
}

}  // namespace keepalive::import
