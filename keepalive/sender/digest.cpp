#include "sender/digest.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/circumstances.hpp"

namespace keepalive::sender {
namespace {

constexpr std::size_t most_lines = 200;
constexpr std::size_t most_objects = 3;  // of a kind in the subject

std::string line(const core::Alert& alert) {
  std::string text = fmt::format("{} {} {} {}: {}", core::timestamp(alert.time), core::word(alert.level), alert.kind,
                                 alert.object, alert.text);
  if (!alert.cause.empty()) text += fmt::format(" ({})", alert.cause);
  std::ranges::replace_if(
      text, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }, ' ');
  return text;
}

}  // namespace

void Digest::News::add(const core::Alert& alert) {
  ++count;
  Sum& sum = kinds.try_emplace(alert.kind, Sum{.order = kinds.size()}).first->second;
  if (++sum.count <= most_objects) sum.objects.push_back(alert.object);
  if (lines.size() < most_lines) lines.push_back(line(alert));
}

/// "2 SERVER_DOWN web/a, web/b; 1 QUORUM_LOST web"
Letter Digest::News::letter(const std::string& first) const {
  std::vector<const std::pair<const std::string, Sum>*> sums;
  for (const auto& one : kinds) sums.push_back(&one);
  std::ranges::sort(sums, {}, [](const auto* one) { return one->second.order; });
  Letter letter{.subject = first};
  for (const auto* one : sums) {
    const Sum& sum = one->second;
    letter.subject += fmt::format("{}{} {} {}{}", one == sums.front() ? "" : "; ", sum.count, one->first,
                                  fmt::join(sum.objects, ", "), sum.count > sum.objects.size() ? ", ..." : "");
  }
  letter.body = fmt::format("{}\n", fmt::join(lines, "\n"));
  if (count > lines.size()) letter.body += fmt::format("and {} more\n", count - lines.size());
  return letter;
}

void Digest::set(Time window, Time repeat, Time now) {
  if (std::exchange(repeat_, repeat) != repeat) remind_.reset();
  window_ = window;
  watch(now);
}

void Digest::stand(const core::Standing& standing, Time now) {
  open_.stand(standing);
  watch(now);
}

bool Digest::take(const core::Alert& alert, Time now) {
  if (!open_.take(alert)) return false;
  news_.add(alert);
  if (!close_) close_ = now + window_;
  watch(now);
  return true;
}

/// What is open is told again as long as it is.
void Digest::watch(Time now) {
  if (repeat_ == Time{0} || open_.empty()) return remind_.reset();
  if (!remind_) remind_ = now + repeat_;
}

std::optional<Letter> Digest::letter(Time now) {
  if (close_ && *close_ <= now) return last_letter();
  if (!remind_ || *remind_ > now) return std::nullopt;
  remind_ = now + repeat_;
  News open;
  for (const core::Alert* alert : open_.list()) open.add(*alert);
  return open.letter("still open: ");
}

std::optional<Letter> Digest::last_letter() {
  if (!close_) return std::nullopt;
  close_.reset();
  return std::exchange(news_, {}).letter("");
}

std::optional<Time> Digest::deadline() const {
  if (!close_ || !remind_) return close_ ? close_ : remind_;
  return std::min(*close_, *remind_);
}

}  // namespace keepalive::sender
