// Texts of the configuration that come through the API, judged where the right to write files is: by what is in the
// files now, whatever the director says of them.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "bundle.hpp"

namespace keepalive {

/// Why an edit to these texts, which make `after` of `before`, is refused: it goes too far, at the line that says so.
std::optional<base::Diagnostic> overreach_fault(const Config& before, const Config& after, const core::Bundle& texts);

class Drafts {
 public:
  /// `path`: the configuration's first file. `in_force`: the configuration that is; null: none.
  Drafts(std::string path, std::function<const Config*()> in_force)
      : path_{std::move(path)}, in_force_{std::move(in_force)} {}

  /// The configuration with these texts in place of what the files hold. It reads no file, and no variable, that the
  /// files do not name as they are: a text of others shows nobody what root may read.
  core::Bundle look(const core::Texts& instead) const;
  /// Why these texts are not to be written; empty: they are.
  std::string objection(const core::Texts& texts) const;

 private:
  std::string path_;
  std::function<const Config*()> in_force_;
};

}  // namespace keepalive
