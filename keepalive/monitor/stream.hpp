// Server-sent events to viewers: each event is made, and made small, once for all of them.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <list>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "monitor/connection.hpp"

namespace keepalive::monitor {

class Stream {
 public:
  static constexpr std::size_t most_kept = 2000;
  static constexpr std::size_t most_bytes = 4U << 20U;

  /// What a viewer asks for.
  struct Wish {
    std::optional<std::uint64_t> since = std::nullopt;  // number of the last event that he knows of
    std::set<std::string, std::less<>> pools = {};      // that he looks at
    bool packed = false;                                // he takes gzip
    std::function<bool()> may = nullptr;                // asked now and then whether he still may look
  };

  /// `first`: number of the first event, beyond those of a predecessor.
  explicit Stream(std::uint64_t first) : next_{first} {}

  /// To all; `data`: one line. It has a number, and is kept for those who come back.
  void publish(std::string_view kind, std::string_view data);
  /// To all, without a number: nobody misses it.
  void say(std::string_view kind, std::string_view data);
  /// To those who look at this pool; without a number.
  void publish_pool(const std::string& pool, std::string_view kind, std::string_view data);
  /// A viewer that saw everything up to wish.since gets the rest, then what is said to him alone; one who is too far
  /// behind is told to read anew.
  void join(const std::shared_ptr<Reply>& reply, Wish wish, const std::vector<std::string>& alone = {});
  /// What is told of `kind` to one.
  static std::string event(std::string_view kind, std::string_view data);
  /// Every 15 s: finds viewers that are gone or may look no longer.
  void beat();
  std::size_t viewers() const { return viewers_.size(); }
  std::uint64_t last() const { return next_ - 1; }
  /// The pools that somebody looks at.
  std::set<std::string> looked() const;

 private:
  /// The same event in the forms that viewers take; the second when one first asks for it.
  struct Chunk {
    Text plain = nullptr;
    Text packed = nullptr;
  };
  struct Viewer {
    std::shared_ptr<Reply> reply = nullptr;
    Wish wish = {};
  };
  static Chunk chunk(std::string text);
  static bool send(const Viewer& viewer, Chunk& chunk);
  void tell(Chunk& chunk, const std::string* pool = nullptr);

  std::uint64_t next_;
  std::deque<Chunk> kept_ = {};
  std::size_t bytes_ = 0;
  std::list<Viewer> viewers_ = {};
};

}  // namespace keepalive::monitor
