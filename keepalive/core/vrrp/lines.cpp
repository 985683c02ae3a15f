#include "core/vrrp/lines.hpp"

#include <algorithm>

namespace keepalive::core::vrrp {
namespace {

/// Longer than any delay of a process that works.
constexpr Time stalled{std::chrono::milliseconds{20}};

bool same_router(const Word& one, const Word& other) {
  return one.id == other.id && one.source.family() == other.source.family();
}

const Word* find(const std::vector<Word>& words, const Word& wanted) {
  const auto found =
      std::find_if(words.begin(), words.end(), [&](const Word& each) { return same_router(each, wanted); });
  return found == words.end() ? nullptr : &*found;
}

}  // namespace

std::uint64_t Lines::draw() {
  std::uint64_t number = 0;
  while (number == 0) number = random_();
  return number;
}

void Lines::want(const std::vector<Heartbeat>& settings, Time now) {
  std::map<std::string, Line> before = std::exchange(lines_, {});
  for (const Heartbeat& setting : settings) {
    const auto known = before.find(setting.name);
    if (known != before.end() && known->second.setting() == setting)
      lines_.insert(before.extract(known));
    else
      lines_.emplace(setting.name, Line{setting, draw(), now});
  }
}

Lines::Heard Lines::hear(const std::string& line, std::string_view bytes, Time now) {
  Heard heard;
  const auto found = lines_.find(line);
  if (found == lines_.end()) return heard;
  const bool was_up = found->second.up();
  for (const Beat& beat : found->second.hear(bytes, node_, now))
    for (Change& change : changes(beat)) heard.changes.push_back(std::move(change));
  heard.back = !was_up && found->second.up();
  return heard;
}

/// A line may be slower than another: what comes late is known already.
std::vector<Lines::Change> Lines::changes(const Beat& beat) {
  std::vector<Change> list;
  const auto [known, fresh] = latest_.try_emplace(beat.node, beat);
  if (fresh || beat.sequence <= known->second.sequence) return list;
  for (const Word& before : known->second.words) {
    const Word* const after = find(beat.words, before);
    if (after == nullptr || after->state != before.state)
      list.push_back({beat.node, before, after == nullptr ? std::nullopt : std::optional{*after}});
  }
  known->second = beat;
  return list;
}

Time Lines::wake(Time now) {
  if (!expected_ || now - *expected_ < stalled) return Time{0};
  const Time nap = now - *expected_;
  for (auto& [name, line] : lines_) line.forgive(nap);
  return nap;
}

std::vector<std::string> Lines::lost(Time now) {
  std::vector<std::string> names;
  for (auto& [name, line] : lines_)
    if (line.falls_silent(now)) names.push_back(name);
  if (names.empty()) return names;
  std::erase_if(latest_, [this](const auto& one) {
    return std::none_of(lines_.begin(), lines_.end(),
                        [&](const auto& line) { return line.second.up() && line.second.last()->node == one.first; });
  });
  return names;
}

std::vector<Lines::Other> Lines::others(std::uint8_t id, ipvs::Family family) const {
  std::map<std::uint64_t, std::pair<std::uint64_t, Other>> found;  // by node, with the word's number
  const Word wanted{.id = id, .source = ipvs::Address::any(family)};
  for (const auto& [name, line] : lines_) {
    const auto& beat = line.last();
    const Word* const word = line.up() ? find(beat->words, wanted) : nullptr;
    if (word == nullptr) continue;
    auto& place = found[beat->node];
    if (beat->sequence >= place.first)
      place = {beat->sequence, {name, beat->node, *word, line.heard(), line.silent_at()}};
  }
  std::vector<Other> list;
  for (auto& [node, each] : found) list.push_back(std::move(each.second));
  return list;
}

bool Lines::due(Time now) const {
  return std::any_of(lines_.begin(), lines_.end(), [&](const auto& one) { return one.second.due() <= now; });
}

void Lines::hurry(Time now) {
  for (auto& [name, line] : lines_) line.hurry(now);
}

std::vector<std::pair<std::string, std::string>> Lines::speak(const std::vector<Word>& words, Time interval, Time now) {
  std::vector<std::pair<std::string, std::string>> list;
  for (auto& [name, line] : lines_) {
    if (line.due() > now) continue;
    const Beat beat{.node = node_, .sequence = sequence_ + 1, .words = words};
    for (std::string& bytes : line.speak(beat, interval, now)) {
      list.emplace_back(name, std::move(bytes));
      ++sequence_;
    }
  }
  return list;
}

std::optional<Time> Lines::deadline() const {
  std::optional<Time> first;
  const auto consider = [&first](Time time) { first = first ? std::min(*first, time) : time; };
  for (const auto& [name, line] : lines_) {
    consider(line.due());
    if (line.up()) consider(line.silent_at());
  }
  return first;
}

}  // namespace keepalive::core::vrrp
