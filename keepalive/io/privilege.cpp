#include "io/privilege.hpp"

#include <cap-ng.h>
#include <grp.h>
#include <pwd.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace keepalive::io {
namespace {

const passwd* find(const std::vector<std::string>& users) {
  for (const std::string& user : users)
    if (const passwd* entry = getpwnam(user.c_str())) return entry;
  return nullptr;
}

void choose(const std::vector<int>& capabilities) {
  capng_clear(CAPNG_SELECT_BOTH);
  for (const int capability : capabilities)
    capng_update(CAPNG_ADD, static_cast<capng_type_t>(CAPNG_EFFECTIVE | CAPNG_PERMITTED | CAPNG_BOUNDING_SET),
                 static_cast<unsigned>(capability));
}

/// Who is no user of his own, but was started with rights, keeps of them what is named.
std::string narrow(const std::vector<int>& capabilities) {
  capng_get_caps_process();
  const auto all = static_cast<capng_type_t>(CAPNG_EFFECTIVE | CAPNG_PERMITTED | CAPNG_INHERITABLE | CAPNG_AMBIENT);
  for (unsigned one = 0; one <= CAP_LAST_CAP; ++one)
    if (std::ranges::find(capabilities, static_cast<int>(one)) == capabilities.end())
      capng_update(CAPNG_DROP, all, one);
  const auto sets = static_cast<capng_select_t>(CAPNG_SELECT_CAPS | CAPNG_SELECT_AMBIENT);
  return capng_apply(sets) == 0 ? std::string{} : std::string{"cannot drop capabilities: "} + std::strerror(errno);
}

}  // namespace

std::string drop_privilege(const std::vector<std::string>& users, const std::vector<int>& capabilities) {
  prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
  if (geteuid() != 0) return narrow(capabilities);
  choose(capabilities);
  const passwd* const user = find(users);
  if (user != nullptr) {
    const int error = capng_change_id(static_cast<int>(user->pw_uid), static_cast<int>(user->pw_gid),
                                      static_cast<capng_flags_t>(CAPNG_DROP_SUPP_GRP | CAPNG_CLEAR_BOUNDING));
    return error == 0 ? std::string{} : "cannot become user " + std::string{user->pw_name};
  }
  if (capng_apply(CAPNG_SELECT_BOTH) != 0) return std::string{"cannot drop capabilities: "} + std::strerror(errno);
  return {};
}

}  // namespace keepalive::io
