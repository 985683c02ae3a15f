#include "monitor/stream.hpp"

#include <fmt/format.h>

#include <utility>

#include "monitor/gzip.hpp"

namespace keepalive::monitor {
namespace {

Text shared(std::string text) { return std::make_shared<const std::string>(std::move(text)); }

}  // namespace

Stream::Chunk Stream::chunk(std::string text) { return {.plain = shared(std::move(text))}; }

std::string Stream::event(std::string_view kind, std::string_view data) {
  return fmt::format("event: {}\ndata: {}\n\n", kind, data);
}

bool Stream::send(const Viewer& viewer, Chunk& chunk) {
  if (!viewer.wish.packed) return viewer.reply->send(chunk.plain);
  if (!chunk.packed) chunk.packed = shared(gzip_piece(*chunk.plain));
  return viewer.reply->send(chunk.packed);
}

void Stream::publish(std::string_view kind, std::string_view data) {
  kept_.push_back(chunk(fmt::format("id: {}\n", next_++) + event(kind, data)));
  bytes_ += kept_.back().plain->size();
  while (kept_.size() > most_kept || (bytes_ > most_bytes && kept_.size() > 1)) {
    bytes_ -= kept_.front().plain->size();
    kept_.pop_front();
  }
  tell(kept_.back());
}

void Stream::say(std::string_view kind, std::string_view data) {
  Chunk made = chunk(event(kind, data));
  tell(made);
}

void Stream::publish_pool(const std::string& pool, std::string_view kind, std::string_view data) {
  Chunk made = chunk(event(kind, data));
  tell(made, &pool);
}

void Stream::tell(Chunk& chunk, const std::string* pool) {
  viewers_.remove_if([&](const Viewer& viewer) {
    if (pool != nullptr && !viewer.wish.pools.contains(*pool)) return false;
    return !send(viewer, chunk);
  });
}

void Stream::join(const std::shared_ptr<Reply>& reply, Wish wish, const std::vector<std::string>& alone) {
  const Viewer viewer{reply, std::move(wish)};
  Answer answer{.type = "text/event-stream"};
  if (viewer.wish.packed) answer.headers = {{"Content-Encoding", "gzip"}};
  reply->begin(answer);
  bool good = !viewer.wish.packed || reply->send(shared(std::string{gzip_begin()}));
  const auto say = [&](std::string text) {
    Chunk one = chunk(std::move(text));
    good = good && send(viewer, one);
  };
  say("retry: 2000\n\n");
  const std::uint64_t oldest = next_ - kept_.size();
  const auto since = viewer.wish.since;
  if (since && (*since + 1 < oldest || *since >= next_)) {
    say(fmt::format("id: {}\n", next_ - 1) + event("resync", "{}"));
  } else if (since) {
    for (std::uint64_t number = *since + 1; good && number < next_; ++number)
      good = send(viewer, kept_[number - oldest]);
  }
  for (const std::string& text : alone) say(text);
  if (good) viewers_.push_back(viewer);
}

void Stream::beat() {
  viewers_.remove_if([](const Viewer& viewer) {
    if (viewer.wish.may()) return false;
    viewer.reply->end();
    return true;
  });
  Chunk alive = chunk(": alive\n\n");
  tell(alive);
}

std::set<std::string> Stream::looked() const {
  std::set<std::string> all;
  for (const Viewer& viewer : viewers_) all.insert(viewer.wish.pools.begin(), viewer.wish.pools.end());
  return all;
}

}  // namespace keepalive::monitor
