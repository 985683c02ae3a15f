// What is to be told of the kernel's settings: what was written, what others changed, what cannot be written; each
// once, and when it is over.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "core/event.hpp"
#include "core/pools.hpp"

namespace keepalive::core {

class SettingNews {
 public:
  std::vector<Note> take(const Settled& event, Drift drift);

  /// What others changed and nobody repairs.
  std::vector<std::string> drift() const;
  /// What cannot be written.
  std::vector<std::string> refusals() const;

 private:
  using Texts = std::map<std::string, std::string>;  // by the setting's name

  void take_differences(const Settled& event, std::vector<Note>& notes);
  void take_refusals(const Settled& event, bool reports, std::vector<Note>& notes);

  Texts drift_ = {};
  Texts refused_ = {};
};

}  // namespace keepalive::core
