// Passwords and what crypt(5) makes of them: slow on purpose, some 40 ms each.
#pragma once

#include <string>

namespace keepalive::monitor {

/// By yescrypt. Throws std::runtime_error if libcrypt has none.
std::string hash_password(const std::string& password);
/// Whatever method the hash names.
bool fits(const std::string& password, const std::string& hash);
/// Of a password that nobody has: who is unknown is refused no sooner than who is known.
const std::string& nobodys_hash();

}  // namespace keepalive::monitor
