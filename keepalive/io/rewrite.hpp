// Files that are replaced together: whoever reads one finds its old text or its new one, also after a power cut.
#pragma once

#include <map>
#include <string>

namespace keepalive::io {

/// Replaces every file, or none; owner and mode stay, and so does a symbolic link to it. Files that are not there are
/// made. Empty: done; else what could not be done.
std::string rewrite(const std::map<std::string, std::string>& texts);
/// Whether it could be replaced.
bool rewritable(const std::string& path);

}  // namespace keepalive::io
