// Powers over a real engine, with what the API did written down, and a reply that keeps what it was given.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "../status/scene.hpp"
#include "api.hpp"
#include "core/metrics.hpp"
#include "editor.hpp"

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
  void glance(std::vector<ipvs::ServiceKey> keys, Counted done) override {
    counted = "all, servers of " + std::to_string(keys.size());
    done({});
  }
  void scrape(core::Format, Scraped give) override {
    count([&](const core::CountTable& counts) { give(core::metrics(engine(), circumstances(), counts), false); });
  }
  void reload(std::function<void(const ReloadOutcome&)> done) override { done(outcome); }
  void plan(core::Texts instead, std::function<void(const PlanOutcome&)> done) override {
    planned = std::move(instead);
    done({.faults = faults, .refusal = refusal});
  }
  Editor& editor() override { return editor_; }
  void examine(std::function<void(std::vector<core::Finding>)> done) override { done({}); }
  void ask_sync(const std::string& question, Asked done) override {
    done(agent ? std::optional{"{\"asked\":\"" + question + "\"}"} : std::nullopt);
  }
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
  bool launcher = true;                 // answers: it keeps nothing and writes nothing
  Diagnostics faults = {};              // of a plan
  core::Texts planned = {};             // instead of what the files hold
  std::vector<core::Launch> told = {};  // to the launcher, by the editor
  std::string refusal = "";             // of a plan
  std::string counted = "";
  bool followed = false;
  bool renewed = false;
  bool agent = false;  // of connection sync
  bool tells = true;   // the process of the virtual routers

 private:
  void play(core::Launch message) {
    core::Launch answer = core::Beat{};
    if (const auto* const one = std::get_if<core::AskVersions>(&message)) answer = core::Versions{.id = one->id};
    if (const auto* const one = std::get_if<core::WriteFiles>(&message)) answer = core::Wrote{one->id, 0, "full"};
    if (const auto* const one = std::get_if<core::ConfirmFiles>(&message)) answer = core::Wrote{one->id, 1, ""};
    editor_.hear(answer);
  }

  core::Given given_;
  Editor editor_{*this, [this](const core::Launch& message) {
                   told.push_back(message);
                   if (launcher) play(message);
                 }};
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
