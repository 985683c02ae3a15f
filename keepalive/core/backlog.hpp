// Which services wait to be compared with the kernel: those whose wanted state changed, those that the kernel
// refused (again after 1 s, doubling to 30 s), and in the background all of them, for drift. So does a flush of
// services that are not ours, until it is done.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "core/action.hpp"
#include "core/event.hpp"

namespace keepalive::core {

class Backlog {
 public:
  using Keys = std::set<ipvs::ServiceKey>;

  void add(const ipvs::ServiceKey& key) { dirty_.insert(key); }
  /// A look after drift over all of `keys` is due, every `interval` from now on; 0: never.
  void look_after(Keys keys, Time interval, Time now);
  /// This one, too.
  void look_after(const ipvs::ServiceKey& key) { watched_.insert(key); }
  /// Looks over all of them at once, and repairs whatever the configuration says of drift: somebody asked for it.
  void repair_now(Time now);
  /// Services that are not ours are to go, once.
  void flush_foreign(Time now) { flush_ = Refused{.retry = now}; }
  /// Those that could not go until now stay.
  void keep_foreign() { flush_.reset(); }

  /// What to do now: at most `slice` services of each kind; all dirty ones when `whole`.
  std::vector<Reconcile> take(Drift drift, bool whole, Time now);
  struct News {
    std::vector<KernelEdit> refused = {};      // whose text is new
    std::vector<ipvs::ServiceKey> taken = {};  // were refused before
    std::string no_flush = "";                 // the same of the flush: its text is new
    bool flushed = false;                      // it was refused before
  };
  News take(const Reconciled& reconciled, Time now);
  std::optional<Time> deadline() const;

  bool refuses(const ipvs::ServiceKey& key) const { return refused_.contains(key); }
  /// What the kernel refuses at present.
  std::vector<std::string> refusals() const;

 private:
  struct Refused {
    std::string text = "";
    Time wait{0};
    Time retry{0};
    void again(Time now);
  };
  void take_flush(const std::string& fault, Time now, News& news);
  std::optional<Reconcile> drift_slice(Drift drift, Time now);

  Keys dirty_ = {};
  std::map<ipvs::ServiceKey, Refused> refused_ = {};
  std::optional<Refused> flush_ = std::nullopt;
  Keys watched_ = {};
  Time interval_{0};
  std::optional<Time> next_look_ = std::nullopt;
  std::optional<ipvs::ServiceKey> cursor_ = std::nullopt;  // of a look that is under way
  bool repair_ = false;                                    // this look repairs
};

}  // namespace keepalive::core
