// Imports of texts in memory.
#pragma once

#include <algorithm>
#include <map>
#include <string>

#include "config/texts.hpp"
#include "import/import.hpp"

namespace keepalive::import::test {

using keepalive::test::Texts;

inline const std::string main_file = "/etc/keepalived/keepalived.conf";

inline Outcome import_texts(std::map<std::string, std::string> texts) {
  return import_keepalived(main_file, Texts{std::move(texts)}, {.id = "main", .folder = "/"});
}

/// What a text of keepalived's becomes, without the line that says where it is from.
inline std::string imported(const std::string& text) {
  const auto outcome = import_texts({{main_file, text}});
  if (!outcome) return base::render(outcome.error());
  const std::string& all = outcome->text;
  return all.substr(std::min(all.find("\n\n") + 2, all.size()));
}

/// The same of ldirectord's.
inline std::string from_ldirectord(const std::string& text) {
  const auto outcome = import_ldirectord("/ld.cf", Texts{{{"/ld.cf", text}}});
  if (!outcome) return base::render(outcome.error());
  const std::string& all = outcome->text;
  return all.substr(std::min(all.find("\n\n") + 2, all.size()));
}

/// Whether what came out is a configuration without faults; else the faults.
inline std::string load_faults(const std::string& text) {
  std::map<std::string, std::string> texts{{"k.conf", text}};
  const auto config = load("k.conf", Texts{std::move(texts)}, {});
  return config ? "" : base::render(config.error());
}

}  // namespace keepalive::import::test
