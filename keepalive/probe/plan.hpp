// A check made ready to run: what all its probes share.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "config/model.hpp"
#include "probe/pattern.hpp"

namespace keepalive::probe {

struct Plan {
  Check check = {};
  std::uint32_t number = 0;  // of its SetCheck
  std::optional<Pattern> expect = std::nullopt;
  std::optional<Pattern> body = std::nullopt;
  std::optional<Pattern> body_not = std::nullopt;
  std::string fault = "";  // not empty: it cannot run at all; every verdict says so

  friend bool operator==(const Plan&, const Plan&) = delete;
};

/// From the text of a SetCheck.
std::shared_ptr<const Plan> make_plan(std::uint32_t number, std::string_view text);
std::shared_ptr<const Plan> make_plan(std::uint32_t number, Check check);

}  // namespace keepalive::probe
