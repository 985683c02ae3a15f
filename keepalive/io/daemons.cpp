#include "io/daemons.hpp"

#include <boost/asio/post.hpp>

#include "core/syncing.hpp"
#include "io/host.hpp"

namespace keepalive::io {
namespace {

using ipvs::sync::Step;
using Purpose = core::Reconcile::Purpose;

ipvs::Result<void> take(const Step& step, ipvs::Client& client) {
  if (step.kind != Step::Kind::start) {
    const auto stopped = client.stop_daemon(step.daemon.role);
    if (step.kind == Step::Kind::stop || !stopped) return stopped;
  }
  return client.start_daemon(step.daemon);
}

}  // namespace

core::DaemonsAre set_daemons(const core::SetDaemons& order, ipvs::Client& client) {
  const auto interface = look_at_interface(order.interface);
  core::DaemonsAre outcome{.purpose = order.purpose, .addressed = !interface || interface->ipv4};
  const auto before = client.daemons();
  if (!before) return outcome.fault = before.error().message(), outcome;
  const ipvs::sync::Steps steps = order.anew ? ipvs::sync::anew(order.wanted, *before)
                                             : ipvs::sync::steps(order.wanted, *before, interface ? interface->mtu : 0);
  for (const Step& step : steps) {
    const auto done = order.purpose == Purpose::report ? ipvs::Result<void>{} : take(step, client);
    outcome.steps.push_back({step, done ? "" : done.error().message()});
  }
  const auto after = client.daemons();
  if (!after) return outcome.fault = after.error().message(), outcome;
  outcome.actual = *after;
  return outcome;
}

std::vector<std::string> planned_daemons(std::optional<core::SetDaemons> order,
                                         const std::vector<core::SettingEdit>& settings, ipvs::Client& client) {
  std::vector<std::string> texts;
  if (!order) return texts;
  order->anew = core::changes_threads(settings);
  for (const core::DaemonsAre::Done& one : set_daemons(*order, client).steps) texts.push_back(core::planned(one.step));
  return texts;
}

Daemons::~Daemons() {
  if (!thread_.joinable()) return;
  {
    const std::lock_guard lock{mutex_};
    ending_ = true;
  }
  news_.notify_one();
  thread_.join();
}

void Daemons::set(core::SetDaemons order) {
  {
    const std::lock_guard lock{mutex_};
    orders_.push_back(std::move(order));
  }
  news_.notify_one();
  if (!thread_.joinable()) thread_ = std::thread{[this] { work(); }};
}

void Daemons::work() {
  std::optional<ipvs::Client> client;
  while (true) {
    std::unique_lock lock{mutex_};
    news_.wait(lock, [this] { return ending_ || !orders_.empty(); });
    if (orders_.empty()) return;
    const core::SetDaemons order = std::move(orders_.front());
    orders_.pop_front();
    lock.unlock();
    core::DaemonsAre outcome{.purpose = order.purpose};
    if (!client) {
      auto opened = ipvs::Client::open();
      if (opened)
        client.emplace(std::move(*opened));
      else
        outcome.fault = opened.error().message();
    }
    if (client) outcome = set_daemons(order, *client);
    boost::asio::post(io_, [this, outcome = std::move(outcome)] { done_(outcome); });
  }
}

}  // namespace keepalive::io
