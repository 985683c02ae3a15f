#include "monitor/stream.hpp"

#include <fmt/format.h>

#include <utility>

namespace keepalive::monitor {
namespace {

Text shared(std::string text) { return std::make_shared<const std::string>(std::move(text)); }

}  // namespace

void Stream::publish(std::string_view kind, std::string_view data) {
  const Text text = shared(fmt::format("id: {}\nevent: {}\ndata: {}\n\n", next_++, kind, data));
  kept_.push_back(text);
  bytes_ += text->size();
  while (kept_.size() > most_kept || (bytes_ > most_bytes && kept_.size() > 1)) {
    bytes_ -= kept_.front()->size();
    kept_.pop_front();
  }
  tell(text);
}

void Stream::tell(const Text& text) {
  viewers_.remove_if([&](const Viewer& viewer) { return !viewer.reply->send(text); });
}

void Stream::join(const std::shared_ptr<Reply>& reply, std::optional<std::uint64_t> since, std::function<bool()> may) {
  reply->begin({.type = "text/event-stream"});
  bool good = reply->send(shared("retry: 2000\n\n"));
  const std::uint64_t oldest = next_ - kept_.size();
  if (since && (*since + 1 < oldest || *since >= next_)) {
    good = good && reply->send(shared(fmt::format("id: {}\nevent: resync\ndata: {{}}\n\n", next_ - 1)));
  } else if (since) {
    for (std::uint64_t number = *since + 1; good && number < next_; ++number)
      good = reply->send(kept_[number - oldest]);
  }
  if (good) viewers_.push_back({reply, std::move(may)});
}

void Stream::beat() {
  viewers_.remove_if([](const Viewer& viewer) {
    if (viewer.may()) return false;
    viewer.reply->end();
    return true;
  });
  tell(shared(": alive\n\n"));
}

}  // namespace keepalive::monitor
