#include "wrappers.hpp"

#include <sys/mman.h>
#include <sys/types.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "list.hpp"
#include "restore.hpp"
#include "run.hpp"

namespace ipvsadm {
namespace {

bool copy_all(int from, int to) {
  std::array<char, 65536> chunk;  // NOLINT: filled by read
  while (true) {
    const ssize_t count = ::read(from, chunk.data(), chunk.size());
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return true;  // a closed descriptor or a folder holds no rules
    for (ssize_t done = 0; done < count;) {
      const ssize_t written = ::write(to, chunk.data() + done, static_cast<std::size_t>(count - done));
      if (written < 0) return false;
      done += written;
    }
  }
}

}  // namespace

Exit run_save(Session& session, std::span<const std::string_view> words) {
  Naming naming = Naming::names;
  for (const std::string_view word : words) {
    if (word == "-n") {
      naming = Naming::numbers;
    } else if (word.starts_with('-')) {
      session.complain(session.program +
                       "-save: Script to save the IPVS table to stdout.\n"
                       "   With the -n option, prints out the table in numeric format.");
      return Exit::list_failed;
    }
  }
  return save_table(session, naming);
}

Exit run_restore(Session& session) {
  const int rules = ::memfd_create("rules", MFD_CLOEXEC);
  if (rules < 0 || !copy_all(standard_input, rules)) {
    session.complain(std::string{"cannot hold the rules in memory: "} + std::strerror(errno));
    return Exit::misuse;
  }
  ::lseek(rules, 0, SEEK_SET);
  run(session, Flush{});
  return restore(session, rules, Comments::dropped);
}

}  // namespace ipvsadm
