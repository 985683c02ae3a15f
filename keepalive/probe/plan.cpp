#include "probe/plan.hpp"

#include "base/diagnostics.hpp"
#include "config/load.hpp"

namespace keepalive::probe {
namespace {

void compile(const std::string& text, std::optional<Pattern>& pattern, std::string& fault) {
  if (text.empty()) return;
  pattern.emplace(text);
  if (fault.empty()) fault = pattern->fault();
}

}  // namespace

std::shared_ptr<const Plan> make_plan(std::uint32_t number, Check check) {
  auto plan = std::make_shared<Plan>();
  plan->number = number;
  if (check.type != CheckType::dns) compile(check.expect, plan->expect, plan->fault);
  compile(check.body, plan->body, plan->fault);
  compile(check.body_not, plan->body_not, plan->fault);
  plan->check = std::move(check);
  return plan;
}

std::shared_ptr<const Plan> make_plan(std::uint32_t number, std::string_view text) {
  auto check = parse_check("check", text);
  if (check) return make_plan(number, *std::move(check));
  auto plan = std::make_shared<Plan>();
  plan->number = number;
  plan->fault = "not understood: " + check.error().front().text;
  return plan;
}

}  // namespace keepalive::probe
