#include "watch.hpp"

#include <fmt/format.h>
#include <ncurses.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <clocale>
#include <cstdio>
#include <string>
#include <utility>
#include <vector>

#include "messages.hpp"
#include "watch_view.hpp"

namespace ipvsadm {
namespace {

ipvs::Result<std::vector<Watched>> read(ipvs::Client& client) {
  const auto services = client.services();
  if (!services) return tl::unexpected{services.error()};
  std::vector<Watched> table;
  for (const ipvs::ServiceEntry& service : *services) {
    auto servers = client.destinations(service.service.key);
    if (!servers) return tl::unexpected{servers.error()};
    table.push_back({.service = service, .servers = *std::move(servers)});
  }
  return table;
}

/// The terminal in full-screen mode while the object lives.
class Screen {
 public:
  /// newterm() must have succeeded.
  explicit Screen(std::chrono::milliseconds interval) {
    cbreak();
    noecho();
    curs_set(0);
    keypad(stdscr, TRUE);
    timeout(static_cast<int>(interval.count()));
  }
  ~Screen() { endwin(); }
  Screen(const Screen&) = delete;
  Screen& operator=(const Screen&) = delete;

  /// Draws the lines from `top` on that fit.
  void draw(const std::string& head, const std::vector<std::string>& lines, std::size_t top) {
    erase();
    mvaddnstr(0, 0, head.c_str(), COLS);
    attron(A_REVERSE);
    mvaddnstr(1, 0, watch_titles().c_str(), COLS);
    attroff(A_REVERSE);
    for (std::size_t row = 0; row < rows() && top + row < lines.size(); ++row)
      mvaddnstr(static_cast<int>(row) + 2, 0, lines[top + row].c_str(), COLS);
    refresh();
  }
  std::size_t rows() const { return static_cast<std::size_t>(std::max(LINES - 2, 1)); }
};

/// The terminal is gone: getch() would not wait any more.
bool hung_up() {
  pollfd input{.fd = 0, .events = 0, .revents = 0};
  return ::poll(&input, 1, 0) > 0;
}

constexpr auto orders = std::to_array<std::pair<char, std::pair<WatchOrder, std::string_view>>>({
    {'t', {WatchOrder::table, "table"}},
    {'c', {WatchOrder::connections, "connections/s"}},
    {'p', {WatchOrder::packets, "packets/s"}},
    {'b', {WatchOrder::bytes, "bytes/s"}},
    {'a', {WatchOrder::active, "active"}},
});

struct View {
  std::size_t order = 0;  // in `orders`
  std::size_t top = 0;    // first line shown

  std::string head(std::size_t lines) const {
    return fmt::format("ipvsadm-ng  sorted by {}  line {} of {}  keys: t c p b a sort, up down scroll, q quit",
                       orders[order].second.second, std::min(top + 1, lines), lines);
  }
  /// Takes a key; false to quit.
  bool press(int key, std::size_t lines, std::size_t rows) {
    const std::size_t last = lines > rows ? lines - rows : 0;
    for (std::size_t i = 0; i < orders.size(); ++i)
      if (key == orders[i].first) order = i;
    if (key == KEY_UP && top > 0) --top;
    if (key == KEY_DOWN) ++top;
    if (key == KEY_PPAGE) top = top > rows ? top - rows : 0;
    if (key == KEY_NPAGE) top += rows;
    if (key == KEY_HOME) top = 0;
    if (key == KEY_END) top = last;
    top = std::min(top, last);
    return key != 'q';
  }
};

}  // namespace

Exit watch(Session& session, const Watch& watch) {
  if (::isatty(0) == 0 || ::isatty(1) == 0) {
    session.complain("--watch needs a terminal; use -L --json in scripts");
    return Exit::misuse;
  }
  ipvs::Client* const client = session.kernel();
  if (!client) return Exit::misuse;
  std::setlocale(LC_ALL, "");
  SCREEN* const terminal = newterm(nullptr, stdout, stdin);
  if (!terminal) {
    session.complain("--watch needs a terminal that TERM names; use -L --json in scripts");
    return Exit::misuse;
  }
  Endpoints names{watch.naming};
  View view;
  ipvs::Error error;
  {
    Screen screen{watch.interval};
    while (true) {
      auto table = read(*client);
      if (!table) {
        error = table.error();
        break;
      }
      sort(*table, orders[view.order].second.first);
      const auto lines = watch_lines(*table, names);
      view.top = std::min(view.top, lines.empty() ? 0 : lines.size() - 1);
      screen.draw(view.head(lines.size()), lines, view.top);
      if (!view.press(getch(), lines.size(), screen.rows()) || hung_up()) return Exit::success;
    }
  }
  session.complain(message(error));
  return Exit::list_failed;
}

}  // namespace ipvsadm
