// Who may use the monitor: a text of one user or token a line, read and edited. Pure.
//
//   # name:role:hash[:last day]
//   anna:administrator:$y$j9T$…
//   token:nagios:viewer:sha256$…:2027-12-31
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

#include "base/diagnostics.hpp"

namespace keepalive::monitor {

/// Each may do what those before it may.
enum class Role : std::uint8_t { viewer, operator_, administrator };
std::string_view word(Role role);
std::optional<Role> read_role(std::string_view word);

/// Since 1970, UTC.
using Epoch = std::chrono::seconds;

struct User {
  std::string name = "";
  Role role = Role::viewer;
  std::string hash = "";                        // of crypt(5); of a token, of token_hash()
  std::optional<Epoch> expires = std::nullopt;  // from then on it counts no more

  friend bool operator==(const User&, const User&) = default;
};

struct Users {
  std::vector<User> users = {};
  std::vector<User> tokens = {};

  friend bool operator==(const Users&, const Users&) = default;
};

/// Reads the whole text; lines with faults are told with their number and left out. `file`: what they are said of.
Users read_users(std::string_view text, const base::FileName& file, std::vector<base::Diagnostic>& faults);

/// Up to 64 of a-z A-Z 0-9 . _ - @
bool is_name(std::string_view text);
/// What is wrong with it; empty: it is one.
std::string name_fault(std::string_view text);
/// Null: there is none, or none any more.
const User* find(const std::vector<User>& list, std::string_view name, Epoch now);
bool is_over(const User& user, Epoch now);
/// The token with this text, which token_hash() made the hash of.
const User* find_token(const Users& users, std::string_view token, Epoch now);

/// A token is long and random, so that a fast hash of it is enough.
std::string token_hash(std::string_view token);
/// "kal_" and 256 random bits.
std::string new_token();
/// "2027-12-31" lasts until that day's end.
std::optional<Epoch> read_last_day(std::string_view text);
/// "2027-12-31", the day of this second.
std::string day_of(Epoch second);

enum class Kind : std::uint8_t { user, token };
struct NewUser {
  Kind kind = Kind::user;
  std::string name = "";
  Role role = Role::viewer;
  std::string hash = "";
  std::string last_day = "";  // empty: no end; a token wants one
};
// Each gives the new text, every other line untouched; or why not.
using Edited = tl::expected<std::string, std::string>;
Edited add_user(std::string_view text, const NewUser& user);
Edited change_hash(std::string_view text, std::string_view name, std::string_view hash);
Edited remove_user(std::string_view text, Kind kind, std::string_view name);

}  // namespace keepalive::monitor
