// The two programs under comparison, each called through links named as Debian names them.
#pragma once

#include <string>

#include "case.hpp"
#include "process.hpp"

namespace differential {

/// A folder with links ipvsadm, ipvsadm-save and ipvsadm-restore.
class Program {
 public:
  /// `main`, `save` and `restore` are what the links in `folder` (made here) point to.
  Program(std::string folder, const std::string& main, const std::string& save, const std::string& restore);

  Outcome run(const Step& step) const;
  const std::string& folder() const { return folder_; }

 private:
  std::string folder_;
};

}  // namespace differential
