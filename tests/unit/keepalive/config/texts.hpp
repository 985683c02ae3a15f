// Configurations from texts in memory.
#pragma once

#include <doctest/doctest.h>

#include <map>
#include <string>
#include <utility>

#include "memory.hpp"

namespace keepalive::test {

/// What the files give, the first being "k.conf".
inline tl::expected<Config, Diagnostics> load_texts(std::map<std::string, std::string> texts) {
  return load("k.conf", Texts{std::move(texts)}, {{"NAME", "lvs1"}});
}

/// The configuration of a text without faults.
inline Config good(const std::string& text) {
  const auto config = load_texts({{"k.conf", text}, {"/key", std::string(32, 'k')}});
  if (!config) FAIL(text << base::render(config.error()));
  return *config;
}

/// The faults of a text as they are printed; empty: none.
inline std::string faults(const std::string& text) {
  const auto config = load_texts({{"k.conf", text}});
  return config ? "" : base::render(config.error());
}

/// The warnings of a text without faults as they are printed.
inline std::string warnings(const std::string& text) {
  Diagnostics list;
  [[maybe_unused]] const auto config = load("k.conf", Texts{{{"k.conf", text}}}, {}, &list);
  return base::render(list);
}

/// The first fault's words; empty: none.
inline std::string fault(const std::string& text) {
  const auto config = load_texts({{"k.conf", text}});
  return config ? "" : config.error().front().text;
}

/// A block of PEM that looks like one.
inline std::string pem(const std::string& label, const std::string& text = "MII=") {
  return "-----BEGIN " + label + "-----\n" + text + "\n-----END " + label + "-----\n";
}

inline const std::string web_pool = "[pool web]\nserver = 10.0.0.11:80\n";
inline const std::string web_service = "[virtual_server web]\naddress = 10.0.0.100:80\npool = web\n";

}  // namespace keepalive::test
