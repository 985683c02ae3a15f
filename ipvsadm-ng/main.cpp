// ipvsadm-ng: a drop-in ipvsadm. The name it is called by decides which program it is.
#include <fcntl.h>

#include <csignal>
#include <cstring>
#include <string_view>
#include <vector>

#include "parse.hpp"
#include "run.hpp"
#include "wrappers.hpp"

namespace {

using namespace ipvsadm;

Exit run_words(Session& session, std::span<const std::string_view> words) {
  if (words.empty()) return run(session, ListTable{});
  const auto command = parse(session.program, words, session.dialect);
  if (command) return run(session, *command);
  session.complain(command.error().text);
  return static_cast<Exit>(exit_status(command.error().kind));
}

/// What the caller closed must not become our socket. Reading and writing there still fail.
void hold_standard_descriptors() {
  for (const int descriptor : {0, 1, 2})
    if (::fcntl(descriptor, F_GETFD) < 0) ::open("/dev/null", descriptor == 0 ? O_WRONLY : O_RDONLY);
}

Exit run_as(std::string_view path, std::span<const std::string_view> words, Output& out, Output& err) {
  const std::string_view name = path.substr(path.rfind('/') + 1);
  const bool stand_in = name == "ipvsadm" || name == "ipvsadm-save" || name == "ipvsadm-restore";
  const Dialect dialect = stand_in ? Dialect::ipvsadm : Dialect::ng;
  const std::string_view program = stand_in ? "ipvsadm" : "ipvsadm-ng";
  if (name.ends_with("-save")) {
    Session session{program, dialect, out, err};
    return run_save(session, words);
  }
  if (name.ends_with("-restore")) {
    Session session{program, dialect, out, err};
    return run_restore(session, words);
  }
  Session session{path, dialect, out, err};
  return run_words(session, words);
}

}  // namespace

int main(int argc, char** argv) {
  std::signal(SIGPIPE, SIG_DFL);
  hold_standard_descriptors();
  const std::vector<std::string_view> words(argv + (argc > 0 ? 1 : 0), argv + argc);
  Output out{1};
  Output err{2};
  Exit exit = run_as(argc > 0 ? argv[0] : "ipvsadm-ng", words, out, err);
  out.flush();
  if (out.fault() != 0) {
    err.print("cannot write standard output: {}\n", std::strerror(out.fault()));
    if (exit == Exit::success) exit = Exit::list_failed;
  }
  err.flush();
  return static_cast<int>(exit);
}
