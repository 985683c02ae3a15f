#include "wrappers.hpp"

#include <fmt/format.h>
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

/// Copies to the end, or to a fault of reading: then errno of it. -1: `to` cannot be written.
int copy_all(int from, int to) {
  std::array<char, 65536> chunk;  // NOLINT: filled by read
  while (true) {
    const ssize_t count = ::read(from, chunk.data(), chunk.size());
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return count < 0 ? errno : 0;
    for (ssize_t done = 0; done < count;) {
      const ssize_t written = ::write(to, chunk.data() + done, static_cast<std::size_t>(count - done));
      if (written < 0) return -1;
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

Exit run_restore(Session& session, std::span<const std::string_view> words) {
  const bool careful = session.dialect == Dialect::ng;  // the script takes everything for an empty file
  if (careful && !words.empty()) {
    session.complain(fmt::format("unexpected argument {}: ipvsadm-ng-restore reads standard input", words.front()));
    return Exit::misuse;
  }
  const int rules = ::memfd_create("rules", MFD_CLOEXEC);
  const int fault = rules < 0 ? -1 : copy_all(standard_input, rules);
  if (fault < 0 || (careful && fault > 0)) {
    session.complain(fmt::format("cannot read standard input: {}", std::strerror(fault < 0 ? errno : fault)));
    return Exit::misuse;
  }
  ::lseek(rules, 0, SEEK_SET);
  if (const Exit cleared = run(session, Flush{}); cleared != Exit::success && careful) return cleared;
  return restore(session, rules, Comments::dropped);
}

}  // namespace ipvsadm
