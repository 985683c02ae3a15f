// keepalivectl: what an operator says to keepalive, and what it answers.
#include <sys/ioctl.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <iostream>

#include "parse.hpp"
#include "people.hpp"
#include "run.hpp"

namespace {

using namespace keepalive::ctl;

/// Rows of the terminal, as it is now.
std::size_t rows() {
  winsize size{};
  return ::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 ? size.ws_row : 0;
}

Exit usage(const std::string& fault) {
  std::cerr << "keepalivectl: " << fault << "\nTry `keepalivectl --help'.\n";
  return Exit::usage;
}

Exit run_people(const std::vector<std::string>& words) {
  const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now()).time_since_epoch();
  const auto order = parse_people(words, now);
  if (!order) return usage(order.error());
  if (order->what != PeopleOrder::What::help) return change_people(*order, now, ask_password, std::cout, std::cerr);
  std::cout << people_help();
  return Exit::done;
}

Exit run_words(const std::vector<std::string>& words) {
  if (is_about_people(words)) return run_people(words);
  const auto command = parse(words);
  if (!command) return usage(command.error());
  const bool terminal = ::isatty(STDOUT_FILENO) == 1;
  const bool coloured = terminal && std::getenv("NO_COLOR") == nullptr;
  Session session{.client = Client{command->socket},
                  .out = std::cout,
                  .err = std::cerr,
                  .style = coloured ? Style::coloured : Style::plain,
                  .terminal = terminal,
                  .rows = rows()};
  const Exit exit = run(session, *command);
  if (std::cout.flush()) return exit;
  std::cerr << "keepalivectl: cannot write standard output\n";
  return exit == Exit::done ? Exit::refused : exit;
}

}  // namespace

int main(int argc, char** argv) {
  std::signal(SIGPIPE, SIG_DFL);
  return static_cast<int>(run_words({argv + (argc > 0 ? 1 : 0), argv + argc}));
}
