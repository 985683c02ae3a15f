// A configuration's files: the first, and what it includes.
#pragma once

#include <deque>
#include <set>
#include <string>
#include <vector>

#include "config/load.hpp"

namespace keepalive::config {

/// Reads each file once, by whatever name it is included.
class Texts {
 public:
  Texts(const FileReader& files, const base::ini::Environment& environment, Diagnostics& faults)
      : files_{files}, environment_{environment}, faults_{faults} {}

  /// They live as long as this object.
  const std::vector<base::ini::Section>& read(const std::string& path);

 private:
  void follow(const std::string& path, const base::ini::Entry* from);
  void include(const std::string& folder, const base::ini::Entry& entry);
  /// At the line that includes; null: at the file itself.
  void complain(const std::string& path, const base::ini::Entry* from, const std::string& text);

  const FileReader& files_;
  const base::ini::Environment& environment_;
  Diagnostics& faults_;
  std::deque<std::string> texts_ = {};  // what sections point into
  std::vector<base::ini::Section> sections_ = {};
  std::vector<std::string> open_ = {};  // identities
  std::set<std::string> read_ = {};     // identities
};

}  // namespace keepalive::config
