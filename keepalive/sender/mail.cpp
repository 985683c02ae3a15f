#include "sender/mail.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>

namespace keepalive::sender {
namespace {

constexpr std::size_t longest_word = 45;      // bytes in an encoded word: with its frame 75 characters (RFC 2047, 2)
constexpr std::size_t longest_line = 76;      // quoted-printable (RFC 2045, 6.7)
constexpr std::size_t longest_subject = 250;  // more than anybody reads

bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }
bool is_ascii(char c) { return static_cast<unsigned char>(c) < 0x80; }
bool starts_letter(char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80; }  // in UTF-8

std::string one_line(std::string_view text) {
  std::string line{text};
  std::ranges::replace_if(line, is_control, ' ');
  return line;
}

/// The longest beginning of at most so many bytes that ends with a whole letter.
std::string_view beginning(std::string_view text, std::size_t most) {
  if (text.size() <= most) return text;
  std::size_t end = most;
  while (end > 0 && !starts_letter(text[end])) --end;
  return text.substr(0, end == 0 ? most : end);
}

std::string base64(std::string_view bytes) {
  constexpr std::string_view letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const auto at = [&](std::size_t n) { return i + n < bytes.size() ? static_cast<unsigned char>(bytes[i + n]) : 0U; };
    const unsigned three = at(0) << 16U | at(1) << 8U | at(2);
    for (std::size_t n = 0; n < 4; ++n)
      text += i + n > bytes.size() ? '=' : letters[three >> (18U - 6U * static_cast<unsigned>(n)) & 63U];
  }
  return text;
}

/// Unstructured text of a header: as it is, or as encoded words (RFC 2047).
std::string header_text(std::string_view given) {
  const std::string line = one_line(beginning(given, longest_subject));
  if (std::ranges::all_of(line, is_ascii) && line.find("=?") == line.npos) return line;
  std::string words;
  for (std::string_view rest = line; !rest.empty();) {
    const std::string_view part = beginning(rest, longest_word);
    words += fmt::format("{}=?UTF-8?B?{}?=", words.empty() ? "" : "\r\n ", base64(part));
    rest.remove_prefix(part.size());
  }
  return words;
}

/// "Tue, 24 Nov 2026 09:25:36 +0000"
std::string date_text(core::Time date) {
  using namespace std::chrono;
  constexpr std::array<std::string_view, 7> weekdays{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr std::array<std::string_view, 12> months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                    "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const sys_time<microseconds> at{date};
  const auto day = floor<days>(at);
  const year_month_day ymd{day};
  const hh_mm_ss time{floor<seconds>(at - day)};
  return fmt::format("{}, {} {} {:04} {:02}:{:02}:{:02} +0000", weekdays.at(weekday{day}.c_encoding()),
                     unsigned{ymd.day()}, months.at(unsigned{ymd.month()} - 1), int{ymd.year()}, time.hours().count(),
                     time.minutes().count(), time.seconds().count());
}

/// What a Message-ID may hold on its right side.
std::string host_part(std::string_view name) {
  constexpr std::string_view letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-";
  std::string text{name};
  std::ranges::replace_if(
      text, [&](char c) { return letters.find(c) == letters.npos && c != '.'; }, '-');
  return text.empty() ? "localhost" : text;
}

std::string quoted_printable(std::string_view text) {
  std::string out;
  std::size_t column = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '\n') {
      out += "\r\n";
      column = 0;
      continue;
    }
    const bool last = i + 1 == text.size() || text[i + 1] == '\n';
    const bool plain = is_ascii(c) && !is_control(c) && c != '=' && (c != ' ' || !last);
    const std::string piece = plain ? std::string{c} : fmt::format("={:02X}", static_cast<unsigned char>(c));
    if (column + piece.size() >= longest_line) {
      out += "=\r\n";
      column = 0;
    }
    out += piece;
    column += piece.size();
  }
  return out;
}

}  // namespace

std::string mail_text(const Letter& letter, const core::SenderSettings& settings, core::Time date,
                      std::uint64_t serial) {
  std::string to;
  for (const std::string& one : settings.to) to += (to.empty() ? "" : ",\r\n ") + one_line(one);
  return fmt::format(
      "Date: {}\r\nFrom: {}\r\nTo: {}\r\nMessage-ID: <{}.{}@{}>\r\nSubject: {}\r\nAuto-Submitted: auto-generated\r\n"
      "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n"
      "\r\n{}",
      date_text(date), one_line(settings.from), to, date.count(), serial, host_part(settings.router_id),
      header_text(fmt::format("[{}] {}", settings.router_id, letter.subject)), quoted_printable(letter.body));
}

std::string bare_address(std::string_view address) {
  const std::size_t open = address.rfind('<');
  const std::size_t close = address.rfind('>');
  if (open != address.npos && close != address.npos && open < close)
    address = address.substr(open + 1, close - open - 1);
  return one_line(address);
}

}  // namespace keepalive::sender
