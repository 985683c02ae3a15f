// Powers over a real engine, with what the API did written down, and a reply that keeps what it was given.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "../status/scene.hpp"
#include "api.hpp"

namespace keepalive {

class TestPowers final : public Powers {
 public:
  explicit TestPowers(const std::string& text = core::two_servers) : given_{text} {}

  const core::Engine& engine() const override { return given_.engine; }
  core::Circumstances circumstances() const override { return given_.circumstances; }
  void handle(core::Event event) override { given_.engine.step(event, core::seconds(1)); }
  void count(Counted done) override { counted = "all", done({}); }
  void count(std::vector<ipvs::ServiceKey> keys, Counted done) override {
    counted = std::to_string(keys.size());
    done({});
  }
  void reload(std::function<void(const ReloadOutcome&)> done) override { done(outcome); }
  void plan(std::function<void(const PlanOutcome&)> done) override {
    done({.fault = outcome.fault, .refusal = refusal});
  }
  void examine(std::function<void(std::vector<core::Finding>)> done) override { done({}); }
  void switch_over(const core::OperateRouter& order, std::function<void(bool told)> done) override {
    handle(order);
    if (tells) handle(core::vrrp::Statuses{.list = {router(order.router, order.to_master)}});
    done(tells);
  }
  static core::vrrp::Status router(const std::string& name, bool master) {
    return {.name = name, .state = master ? core::vrrp::State::master : core::vrrp::State::backup, .cause = "why"};
  }
  void renew() override { renewed = true; }
  void follow(std::shared_ptr<io::ControlReply>) override { followed = true; }

  ReloadOutcome outcome = {};
  std::string refusal = "";  // of a plan
  std::string counted = "";
  bool followed = false;
  bool renewed = false;
  bool tells = true;  // the process of the virtual routers

 private:
  core::Given given_;
};

struct TestReply final : io::ControlReply {
  void give(unsigned its_status, std::string_view, const std::string& its_body) override {
    ++given;
    status = its_status;
    body = its_body;
  }
  void begin(std::string_view) override { ++given, status = 200; }
  bool line(std::string_view text) override { return body += text, true; }

  int given = 0;
  unsigned status = 0;
  std::string body = "";
};

}  // namespace keepalive
