#include "difference.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <vector>

namespace keepalive::ctl {
namespace {

constexpr std::size_t around = 3;
constexpr long most_edits = 2000;  // beyond, all between the first and the last is one change

using Lines = std::vector<std::string_view>;

Lines lines_of(std::string_view text) {
  Lines list;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    list.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return list;
}

/// Lines of both texts from here are equal, and so many.
struct Match {
  std::size_t before = 0;
  std::size_t after = 0;
  std::size_t size = 0;
};

/// E. W. Myers, An O(ND) difference algorithm (1986): how far each diagonal came with so many edits.
class Search {
 public:
  Search(const Lines& a, const Lines& b)
      : a_{a}, b_{b}, n_{static_cast<long>(a.size())}, m_{static_cast<long>(b.size())} {}

  std::vector<Match> matches() {
    const long most = std::min(n_ + m_, most_edits);
    std::vector<long> far(static_cast<std::size_t>(2 * most + 3), 0);
    for (long edits = 0; edits <= most; ++edits) {
      steps_.push_back({});
      for (long k = -edits; k <= edits; k += 2) {
        const bool down = k == -edits || (k != edits && at(far, k - 1, most) < at(far, k + 1, most));
        long x = down ? at(far, k + 1, most) : at(far, k - 1, most) + 1;
        while (x < n_ && x - k < m_ && x - k >= 0 && line(a_, x) == line(b_, x - k)) ++x;
        at(far, k, most) = x;
        steps_.back().push_back(x);
        if (x >= n_ && x - k >= m_) return back(edits, k);
      }
    }
    return {};
  }

 private:
  static long& at(std::vector<long>& far, long k, long most) { return far[static_cast<std::size_t>(k + most + 1)]; }
  static std::string_view line(const Lines& lines, long at) { return lines[static_cast<std::size_t>(at)]; }
  long far_of(long edits, long k) const {
    return steps_[static_cast<std::size_t>(edits)][static_cast<std::size_t>((k + edits) / 2)];
  }

  /// From the end to the beginning: what was equal between the edits.
  std::vector<Match> back(long edits, long k) const {
    std::vector<Match> found;
    const auto keep = [&](long from, long to, long diagonal) {
      if (to > from)
        found.push_back({static_cast<std::size_t>(from), static_cast<std::size_t>(from - diagonal),
                         static_cast<std::size_t>(to - from)});
    };
    for (; edits > 0; --edits) {
      const bool down = k == -edits || (k != edits && far_of(edits - 1, k - 1) < far_of(edits - 1, k + 1));
      const long other = down ? k + 1 : k - 1;
      keep(far_of(edits - 1, other) + (down ? 0 : 1), far_of(edits, k), k);
      k = other;
    }
    keep(0, far_of(0, 0), 0);
    std::reverse(found.begin(), found.end());
    return found;
  }

  const Lines& a_;
  const Lines& b_;
  long n_;
  long m_;
  std::vector<std::vector<long>> steps_ = {};  // by edits: of each diagonal
};

/// One line of the whole: ' ', '-' or '+'.
struct Row {
  char mark = ' ';
  std::string_view text = {};
};

std::vector<Row> rows_of(const Lines& a, const Lines& b) {
  std::vector<Row> rows;
  std::size_t x = 0;
  std::size_t y = 0;
  const auto change_to = [&](std::size_t before, std::size_t after) {
    for (; x < before; ++x) rows.push_back({'-', a[x]});
    for (; y < after; ++y) rows.push_back({'+', b[y]});
  };
  for (const Match& match : Search{a, b}.matches()) {
    change_to(match.before, match.after);
    for (std::size_t i = 0; i < match.size; ++i, ++x, ++y) rows.push_back({' ', a[x]});
  }
  change_to(a.size(), b.size());
  return rows;
}

std::string range(std::size_t first, std::size_t count) {
  return count == 1 ? fmt::format("{}", first + 1) : fmt::format("{},{}", count == 0 ? first : first + 1, count);
}

/// Changes that are near each other are told together, with what is around.
std::string hunks(const std::vector<Row>& rows) {
  std::string text;
  std::size_t x = 0;
  std::size_t y = 0;
  for (std::size_t i = 0; i < rows.size();) {
    const auto changes = [](const Row& row) { return row.mark != ' '; };
    const auto begin = rows.begin() + static_cast<std::ptrdiff_t>(i);
    const auto next = static_cast<std::size_t>(std::find_if(begin, rows.end(), changes) - rows.begin());
    if (next == rows.size()) break;
    const std::size_t from = next - std::min(around, next - i);
    std::size_t to = next;
    for (std::size_t quiet = 0; to < rows.size() && quiet <= 2 * around; ++to)
      quiet = changes(rows[to]) ? 0 : quiet + 1;
    while (!changes(rows[to - 1])) --to;
    to = std::min(to + around, rows.size());
    x += from - i;
    y += from - i;
    std::string body;
    std::size_t before = 0;
    std::size_t after = 0;
    for (std::size_t at = from; at < to; ++at) {
      before += rows[at].mark != '+' ? 1 : 0;
      after += rows[at].mark != '-' ? 1 : 0;
      body += fmt::format("{}{}\n", rows[at].mark, rows[at].text);
    }
    text += fmt::format("@@ -{} +{} @@\n{}", range(x, before), range(y, after), body);
    x += before;
    y += after;
    i = to;
  }
  return text;
}

}  // namespace

std::string difference(std::string_view before_name, std::string_view before, std::string_view after_name,
                       std::string_view after) {
  if (before == after) return {};
  const std::string body = hunks(rows_of(lines_of(before), lines_of(after)));
  return body.empty() ? "" : fmt::format("--- {}\n+++ {}\n{}", before_name, after_name, body);
}

}  // namespace keepalive::ctl
