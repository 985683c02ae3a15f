#include "wrappers.hpp"

#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/types.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <string>

#include "base/fd.hpp"
#include "list.hpp"
#include "restore.hpp"
#include "run.hpp"

namespace ipvsadm {
namespace {

/// What went wrong, and its errno; none: 0.
struct Fault {
  enum class What : std::uint8_t { reading, keeping };
  What what = What::reading;
  int error = 0;
};

std::string text(const Fault& fault) {
  const char* const what =
      fault.what == Fault::What::reading ? "cannot read standard input" : "cannot keep the rules in memory";
  return fmt::format("{}: {}", what, std::strerror(fault.error));
}

/// Copies to the end, or to a fault.
Fault copy_all(int from, int to) {
  std::array<char, 65536> chunk;  // NOLINT: filled by read
  while (true) {
    const ssize_t count = ::read(from, chunk.data(), chunk.size());
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return {Fault::What::reading, count < 0 ? errno : 0};
    for (ssize_t done = 0; done < count;) {
      const ssize_t written = ::write(to, chunk.data() + done, static_cast<std::size_t>(count - done));
      if (written < 0 && errno == EINTR) continue;
      if (written < 0) return {Fault::What::keeping, errno};
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
  const base::Fd rules{::memfd_create("rules", MFD_CLOEXEC)};
  const Fault fault = rules ? copy_all(standard_input, rules.get()) : Fault{Fault::What::keeping, errno};
  if (fault.error != 0 && (careful || fault.what == Fault::What::keeping)) {
    session.complain(text(fault));
    return Exit::misuse;
  }
  ::lseek(rules.get(), 0, SEEK_SET);
  if (const Exit cleared = run(session, Flush{}); cleared != Exit::success && careful) return cleared;
  return restore(session, rules.get(), Comments::dropped);
}

}  // namespace ipvsadm
