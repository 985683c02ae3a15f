#include "net/edits.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

#include "net/address_request.hpp"
#include "net/netlink.hpp"
#include "net/route_request.hpp"

namespace keepalive::net {
namespace {

using netlink::Writer;

/// `write(writer, sequence, item)` for each; `left(errno)` is the answer.
template <class T, class Write, class Left>
Answers each(netlink::Requests& requests, std::span<const T> items, Write write_one, Left left) {
  Answers answers(items.size());
  requests.run(
      items.size(),
      [&](Writer& writer, std::uint32_t sequence, std::size_t i) { return write_one(writer, sequence, items[i]); },
      [&](std::size_t i, int error) { answers[i] = left(error); });
  return answers;
}

template <class T>
Answers each(netlink::Requests& requests, std::uint16_t message, unsigned flags, std::span<const T> items) {
  return each(
      requests, items,
      [&](Writer& writer, std::uint32_t sequence, const T& item) {
        return write(writer, message, flags, sequence, item);
      },
      [](int error) { return error; });
}

/// Ever larger pieces until the next one would not be done in time.
template <class T, class Write, class Left>
Answers within(Budget budget, netlink::Requests& requests, std::span<const T> items, Write write_one, Left left) {
  using Clock = std::chrono::steady_clock;
  Answers answers;
  const Clock::time_point end = Clock::now() + budget;
  Clock::time_point begin = Clock::now();
  for (std::size_t size = 16; answers.size() < items.size();) {
    const auto rest = items.subspan(answers.size());
    const Answers some = each(requests, rest.first(std::min(size, rest.size())), write_one, left);
    answers.insert(answers.end(), some.begin(), some.end());
    const Clock::time_point now = Clock::now();
    const Budget took = now - std::exchange(begin, now);
    if (end - now < took) break;
    if (end - now > 2 * took) size = std::min(2 * size, std::size_t{128});
  }
  return answers;
}

Answers without(int gone, Answers answers) {
  for (int& answer : answers)
    if (answer == gone || answer == ENODEV) answer = 0;
  return answers;
}

constexpr unsigned create = NLM_F_CREATE | NLM_F_EXCL;

}  // namespace

Edits::Edits(std::unique_ptr<netlink::Requests> requests) : requests_{std::move(requests)} {}
Edits::Edits(Edits&&) noexcept = default;
Edits& Edits::operator=(Edits&&) noexcept = default;
Edits::~Edits() = default;

Outcome<Edits> Edits::open() {
  auto fd = netlink::Requests::socket();
  if (!fd) return tl::unexpected(fd.error());
  return Edits{std::make_unique<netlink::Requests>(std::move(*fd))};
}

Answers Edits::add(std::span<const InterfaceAddress> addresses, Budget budget) {
  return within(budget, *requests_, addresses, write_add, left_of_adding);
}

Answers Edits::remove(std::span<const HeldAddress> addresses, Budget budget) {
  return within(budget, *requests_, addresses, write_remove, left_of_removing);
}

/// EEXIST says that another route has the place, or this one. Which, its removal tells: only this one can be removed.
Answers Edits::add(std::span<const Route> routes) {
  Answers answers = each(*requests_, RTM_NEWROUTE, create, routes);
  for (std::size_t i = 0; i < routes.size(); ++i) {
    const std::span<const Route> one = routes.subspan(i, 1);
    if (answers[i] == EEXIST && each(*requests_, RTM_DELROUTE, 0, one)[0] == 0)
      answers[i] = each(*requests_, RTM_NEWROUTE, create, one)[0];
  }
  return answers;
}

Answers Edits::remove(std::span<const Route> routes) {
  return without(ESRCH, each(*requests_, RTM_DELROUTE, 0, routes));
}

Answers Edits::add(std::span<const Rule> rules) { return each(*requests_, RTM_NEWRULE, create, rules); }

Answers Edits::remove(std::span<const Rule> rules) { return without(ENOENT, each(*requests_, RTM_DELRULE, 0, rules)); }

}  // namespace keepalive::net
