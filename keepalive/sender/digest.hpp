// Many alerts, few mails: the first opens a window, all that comes within it is one mail; what stays open is told again.
//
//   digest.take(alert, now);
//   while (auto letter = digest.letter(now)) send(*letter);
//   wake_at(digest.deadline());
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/alerts.hpp"
#include "sender/letter.hpp"
#include "sender/open.hpp"

namespace keepalive::sender {

using core::Time;

class Digest {
 public:
  void set(Time window, Time repeat, Time now);
  /// Nothing at present is news.
  void stand(const core::Standing& standing, Time now);
  /// Whether it is news.
  bool take(const core::Alert& alert, Time now);

  /// What is due.
  std::optional<Letter> letter(Time now);
  /// The window's, which need not be over.
  std::optional<Letter> last_letter();
  std::optional<Time> deadline() const;

 private:
  /// Of one kind: how many, and the first objects.
  struct Sum {
    std::size_t order = 0;
    std::size_t count = 0;
    std::vector<std::string> objects = {};
  };
  struct News {
    std::map<std::string, Sum> kinds = {};
    std::vector<std::string> lines = {};
    std::size_t count = 0;

    void add(const core::Alert& alert);
    Letter letter(const std::string& first) const;
  };
  void watch(Time now);

  Time window_{0};
  Time repeat_{0};
  OpenAlerts open_ = {};
  News news_ = {};
  std::optional<Time> close_ = std::nullopt;   // the window
  std::optional<Time> remind_ = std::nullopt;  // of what is open
};

}  // namespace keepalive::sender
