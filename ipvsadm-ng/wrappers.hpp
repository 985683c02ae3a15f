// ipvsadm-save and ipvsadm-restore, which in ipvsadm's package are shell scripts around it.
#pragma once

#include <span>
#include <string_view>

#include "session.hpp"

namespace ipvsadm {

Exit run_save(Session& session, std::span<const std::string_view> words);
/// Reads all of standard input before it clears the table: that may be a save of it.
/// As ipvsadm-ng-restore it refuses words and a standard input that cannot be read.
Exit run_restore(Session& session, std::span<const std::string_view> words);

}  // namespace ipvsadm
