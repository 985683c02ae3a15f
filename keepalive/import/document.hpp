// What an import comes to: sections of keepalive.conf(5) with comments, and the remarks that the comments are made of.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostics.hpp"

namespace keepalive::import {

/// Of a line that does not simply become a key.
enum class Verdict : std::uint8_t {
  same,     // nothing need be said: it is so anyway
  differs,  // it became something that is not quite the same
  lost,     // it has no counterpart
  open,     // what it became has a fault
};

struct Remark {
  base::Position at = {};
  std::string line = "";  // the statement
  Verdict verdict = Verdict::same;
  std::string text = "";  // why, and what to do

  friend bool operator==(const Remark&, const Remark&) = default;
};

/// "keepalived.conf:12: unicast_ttl 70: differs: …"; `folder`: that paths need not name.
std::string to_string(const Remark& remark, std::string_view folder = "");

/// A value as it stands behind `=`. Nothing: INI cannot say it.
std::optional<std::string> written(std::string_view value);
/// A program with its arguments. Nothing: a word has a quote or a line's end in it.
std::optional<std::string> written(const std::vector<std::string>& program);

class Section {
 public:
  Section(std::string kind, std::string name) : kind_{std::move(kind)}, name_{std::move(name)} {}

  const std::string& kind() const { return kind_; }
  const std::string& name() const { return name_; }
  bool has(std::string_view key) const { return places_.contains(key); }
  std::string value(std::string_view key) const;
  /// The key stands once: a new value takes the old one's place.
  void set(std::string_view key, std::string value);
  /// The key stands once more.
  void add(std::string_view key, std::string value);
  /// The key stands nowhere any more.
  void remove(std::string_view key);
  void clear_keys();
  /// Control characters become blanks.
  void comment(std::string_view text);
  /// The other one's keys, without its comments and without some keys.
  void copy_keys(const Section& other, std::span<const std::string_view> without = {});
  /// Comments are taken out, in their order.
  std::vector<std::string> take_comments();
  /// Keys with their values, by which sections are the same.
  std::string content() const;
  /// With all comments, and keys in columns; without keys there are only the comments.
  std::string print() const;
  bool empty() const { return places_.empty(); }

 private:
  struct Item {
    std::string key = "";  // empty: a comment; or, without a value either, nothing any more
    std::string value = "";
  };

  std::string kind_;
  std::string name_;
  std::vector<Item> items_ = {};
  std::map<std::string, std::size_t, std::less<>> places_ = {};  // the last item of each key
};

class Document {
 public:
  /// The one of this kind and name; a new one stands behind the others of its kind.
  Section& section(const std::string& kind, const std::string& name = "");
  /// A name for a new section, like the one wished for: letters, digits, `_', `.' and `-', and free.
  std::string free_name(const std::string& kind, std::string_view wish);
  /// Sections in the order of their kinds: global, ipvs, check, pool, virtual_server, vrrp, sync.
  std::string print() const;

 private:
  std::deque<Section> sections_ = {};
  std::map<std::pair<std::string, std::string>, Section*> found_ = {};
  std::set<std::pair<std::string, std::string>> names_ = {};
  std::map<std::pair<std::string, std::string>, std::size_t> numbers_ = {};  // where to count on
};

}  // namespace keepalive::import
