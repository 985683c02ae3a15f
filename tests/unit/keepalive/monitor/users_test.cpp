// Who may use the monitor, as a text.
#include "monitor/users.hpp"

#include <doctest/doctest.h>

#include "monitor/password.hpp"

using namespace keepalive::monitor;

namespace {

constexpr auto hash = "$y$j9T$5SOv2bC5oc7aBhSOLa7Db.$Ks1LTEIzNKH6AYOCgv4UFesh4TYK78VP19jbPGMVr28";

std::string fault(const std::string& text) {
  std::vector<base::Diagnostic> faults;
  read_users(text, "users", faults);
  return faults.empty() ? "" : base::render(faults);
}

}  // namespace

TEST_CASE("a line is a user or a token; comments and blank lines are neither") {
  std::vector<base::Diagnostic> faults;
  const std::string token = token_hash("kal_1");
  const Users users =
      read_users(std::string{"# who\n\nanna:administrator:"} + hash + "\r\ntoken:nagios:viewer:" + token +
                     ":2027-12-31\nbob:operator:" + hash + ":2026-01-01",
                 "users", faults);
  CHECK(faults.empty());
  CHECK(users ==
        Users{.users = {{"anna", Role::administrator, hash}, {"bob", Role::operator_, hash, Epoch{1767312000}}},
              .tokens = {{"nagios", Role::viewer, token, Epoch{1830297600}}}});
  CHECK(find(users.users, "bob", Epoch{1767311999}) != nullptr);
  CHECK(find(users.users, "bob", Epoch{1767312000}) == nullptr);
  CHECK(find_token(users, "kal_1", Epoch{1767312000})->name == "nagios");
  CHECK(find_token(users, "kal_1", Epoch{1830297600}) == nullptr);
  CHECK(find_token(users, "kal_2", Epoch{0}) == nullptr);
}

TEST_CASE("lines that are not meant keep every byte, of a file with CRLF as well") {
  const std::string other = hash_password("other");
  const std::string text =
      "# who\r\n\r\nanna:viewer:" + other + "\r\nbob:viewer:" + other + " \nfrob\r\neve:viewer:" + other;
  CHECK(change_hash(text, "anna", other).value() == text);
  CHECK(change_hash(text, "eve", other).value() == text);
  std::string left = text;
  left.replace(left.find("anna:"), left.find("bob:") - left.find("anna:"), "");
  CHECK(remove_user(text, Kind::user, "anna").value() == left);
}

TEST_CASE("faults name their line, never the hash") {
  const std::string good = std::string{":"} + hash;
  CHECK(fault("anna:viewer" + good) == "");
  CHECK(fault("\nanna") ==
        "users:2:1: error: a user's line is NAME:ROLE:HASH or NAME:ROLE:HASH:LAST-DAY\n  anna\n  ^\n");
  CHECK(fault("an na:viewer" + good) ==
        "users:1:1: error: `an na' is no name: up to 64 of a-z A-Z 0-9 . _ - @\n  an na:…\n  ^\n");
  CHECK(fault("anna:admin" + good) ==
        "users:1:1: error: there is no role `admin'; there are viewer, operator, administrator\n  anna:…\n  ^\n");
  CHECK(fault("anna:viewer:secret") ==
        "users:1:1: error: this is no hash of crypt(5): let `keepalivectl user passwd' write it\n  anna:…\n  ^\n");
  CHECK(fault("anna:viewer" + good + ":2027-02-30") ==
        "users:1:1: error: `2027-02-30' is no day such as 2027-12-31\n  anna:…\n  ^\n");
  CHECK(fault("anna:viewer" + good + "\nanna:viewer" + good) ==
        "users:2:1: error: user anna is there already\n  anna:…\n  ^\n");
  CHECK(fault("token:x:viewer:" + token_hash("x")) ==
        "users:1:1: error: a token's line is token:NAME:ROLE:HASH:LAST-DAY\n  token:x:…\n  ^\n");
  CHECK(fault("token:x:viewer" + good + ":2027-01-01") ==
        "users:1:1: error: a token's hash is sha256$ and 64 digits: let `keepalivectl token add' write it\n"
        "  token:x:…\n  ^\n");
  CHECK(fault(hash).find("Ks1L") == std::string::npos);
}

TEST_CASE("users are added, changed and removed, and every other line stays") {
  const std::string before = "# who\nbob:viewer:$y$old_hash\n";
  const auto added = add_user(before, {.name = "anna", .role = Role::operator_, .hash = hash});
  REQUIRE(added);
  CHECK(*added == before + "anna:operator:" + hash + "\n");
  CHECK(change_hash(*added, "bob", hash).value() ==
        std::string{"# who\nbob:viewer:"} + hash + "\nanna:operator:" + hash + "\n");
  CHECK(remove_user(*added, Kind::user, "anna").value() == before);
  CHECK(remove_user(*added, Kind::token, "anna").error() == "there is no token anna");
  CHECK(change_hash(before, "anna", hash).error() == "there is no user anna");
  CHECK(add_user(before, {.name = "bob", .hash = hash}).error() == "user bob is there already");
  CHECK(add_user("", {.name = "token", .hash = hash}).error() != "");
  CHECK(add_user("", {.name = "a\nroot:administrator", .hash = hash}).error() != "");
  CHECK(add_user("", {.kind = Kind::token, .name = "n", .hash = token_hash("x")}).error() ==
        "a token's line is token:NAME:ROLE:HASH:LAST-DAY");
  CHECK(add_user("x", {.kind = Kind::token, .name = "n", .hash = token_hash("x"), .last_day = "2027-01-01"}).value() ==
        "x\ntoken:n:viewer:" + token_hash("x") + ":2027-01-01\n");
}

TEST_CASE("a password fits the hash that was made of it, and no other") {
  const std::string made = hash_password("swordfish");
  CHECK(made.starts_with("$y$"));
  CHECK(fits("swordfish", made));
  CHECK_FALSE(fits("swordfisH", made));
  CHECK_FALSE(fits(std::string{"swordfish\0x", 11}, made));
  CHECK_FALSE(fits("", ""));
  CHECK_FALSE(fits("swordfish", "$y$nonsense"));
}
