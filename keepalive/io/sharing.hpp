// One run of something long for all who ask while none is under way; who asks during a run shares the next one, so that
// no answer is older than its question.
#pragma once

#include <functional>
#include <utility>
#include <vector>

namespace keepalive::io {

template <class Answer>
class Sharing {
 public:
  using Done = std::function<void(const Answer&)>;

  /// `run` calls its argument once, later.
  explicit Sharing(std::function<void(Done)> run) : run_{std::move(run)} {}
  Sharing(const Sharing&) = delete;
  Sharing& operator=(const Sharing&) = delete;

  void ask(Done done) {
    next_.push_back(std::move(done));
    if (!under_way_) start();
  }

 private:
  void start() {
    under_way_ = true;
    run_([this, asked = std::exchange(next_, {})](const Answer& answer) {
      for (const Done& done : asked) done(answer);
      under_way_ = false;
      if (!next_.empty()) start();
    });
  }

  std::function<void(Done)> run_;
  std::vector<Done> next_ = {};
  bool under_way_ = false;
};

}  // namespace keepalive::io
