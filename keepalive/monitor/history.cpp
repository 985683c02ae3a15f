#include "monitor/history.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <cstring>
#include <limits>
#include <utility>

namespace keepalive::monitor {
namespace {

struct Slot {
  std::uint32_t time = 0;
  Sample sample = {};
};
static_assert(sizeof(Slot) == 32);

struct Head {
  std::array<char, 16> magic = {'k', 'e', 'e', 'p', 'a', 'l', 'i', 'v', 'e', ' ', 'h', 'i', 's', 't', '1', '\n'};
  std::uint64_t capacity = 0;
  std::array<char, 232> rest = {};
};
constexpr std::size_t name_room = 256;
constexpr std::uint32_t hour_slots = 3600;
constexpr std::uint32_t week_step = 300;
constexpr std::uint32_t week_slots = 7 * 24 * 12;
constexpr std::size_t hour_offset = name_room;
constexpr std::size_t week_offset = hour_offset + hour_slots * sizeof(Slot);
constexpr std::size_t place_size = week_offset + week_slots * sizeof(Slot);
constexpr std::uint32_t gone_after = 600;  // seconds: then a place may be another's

constexpr std::uint32_t mean_pause = 10;  // seconds between writes of a mean that grows

std::size_t start(std::size_t number) { return sizeof(Head) + number * place_size; }

bool write_at(int fd, std::size_t offset, const void* from, std::size_t size) {
  return ::pwrite(fd, from, size, static_cast<off_t>(offset)) == static_cast<ssize_t>(size);
}
bool read_at(int fd, std::size_t offset, void* to, std::size_t size) {
  return ::pread(fd, to, size, static_cast<off_t>(offset)) == static_cast<ssize_t>(size);
}

}  // namespace

Sample no_sample() {
  Sample none{};
  none.fill(std::numeric_limits<float>::quiet_NaN());
  return none;
}

History::~History() { close(); }

void History::close() {
  if (fd_ >= 0) ::close(fd_);
  fd_ = -1;
  places_.clear();
  free_.clear();
  left_out_ = 0;
  fresh_ = true;
}

std::string History::open(const std::string& path, std::uint64_t bytes) {
  const std::size_t capacity = bytes < sizeof(Head) ? 0 : (bytes - sizeof(Head)) / place_size;
  if (is_open() && path == path_ && capacity == capacity_) return {};
  close();
  path_ = path;
  capacity_ = capacity;
  if (bytes == 0) return {};
  if (capacity == 0) return fmt::format("an object takes {} bytes of history", place_size);
  fd_ = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (fd_ >= 0 && (load() || make())) return {};
  std::string fault = fmt::format("{}: {}", path, std::strerror(errno));
  close();
  return fault;
}

bool History::load() {
  Head head;
  struct stat facts {};
  const Head expected;
  if (::fstat(fd_, &facts) != 0 || static_cast<std::size_t>(facts.st_size) != start(capacity_)) return false;
  if (!read_at(fd_, 0, &head, sizeof head) || head.magic != expected.magic || head.capacity != capacity_) return false;
  for (std::size_t number = capacity_; number-- > 0;) {
    std::array<char, name_room> name{};
    if (!read_at(fd_, start(number), name.data(), name.size())) return false;
    name.back() = '\0';
    if (name.front() == '\0' || !places_.try_emplace(name.data(), Place{.number = number}).second)
      free_.push_back(number);
  }
  return true;
}

bool History::make() {
  places_.clear();
  free_.clear();
  Head head;
  head.capacity = capacity_;
  if (::ftruncate(fd_, 0) != 0 || ::ftruncate(fd_, static_cast<off_t>(start(capacity_))) != 0) return false;
  for (std::size_t number = capacity_; number-- > 0;) free_.push_back(number);
  return write_at(fd_, 0, &head, sizeof head);
}

bool History::take_over(const std::string& object, std::size_t number) {
  std::vector<char> blank(place_size, '\0');
  std::copy(object.begin(), object.end(), blank.begin());
  return write_at(fd_, start(number), blank.data(), blank.size());
}

History::Place* History::place_of(const std::string& object, std::uint32_t second) {
  if (const auto found = places_.find(object); found != places_.end()) return &found->second;
  if (object.empty() || object.size() >= name_room || object.find('\0') != std::string::npos) return nullptr;
  if (free_.empty()) {
    const auto oldest = std::min_element(places_.begin(), places_.end(),
                                         [](const auto& a, const auto& b) { return a.second.seen < b.second.seen; });
    if (oldest == places_.end() || second - oldest->second.seen < gone_after) return nullptr;
    free_.push_back(oldest->second.number);
    places_.erase(oldest);
  }
  const std::size_t number = free_.back();
  if (!take_over(object, number)) return nullptr;
  free_.pop_back();
  return &places_.try_emplace(object, Place{.number = number}).first->second;
}

void History::put(std::uint32_t second, const std::vector<std::pair<std::string, Sample>>& objects) {
  if (!is_open()) return;
  if (std::exchange(fresh_, false))
    for (auto& [object, place] : places_) place.seen = second;
  for (const auto& [object, sample] : objects)  // none of these is displaced by another
    if (const auto found = places_.find(object); found != places_.end()) found->second.seen = second;
  left_out_ = 0;
  for (const auto& [object, sample] : objects) {
    Place* const place = place_of(object, second);
    if (place == nullptr) {
      ++left_out_;
      continue;
    }
    place->seen = second;
    add(*place, second, sample);
  }
}

void History::write(std::size_t offset, std::uint32_t time, const Sample& sample) {
  const Slot slot{time, sample};
  write_at(fd_, offset, &slot, sizeof slot);  // a full disk makes a gap
}

void History::add(Place& place, std::uint32_t second, const Sample& sample) {
  write(start(place.number) + hour_offset + second % hour_slots * sizeof(Slot), second, sample);
  Mean& mean = place.mean;
  const std::uint32_t step = second / week_step;
  if (mean.step != step) mean = {.step = step};
  Sample means = no_sample();
  for (std::size_t i = 0; i < series_count; ++i) {
    if (!std::isnan(sample.at(i))) mean.sums.at(i) += static_cast<double>(sample.at(i)), ++mean.counts.at(i);
    if (mean.counts.at(i) > 0) means.at(i) = static_cast<float>(mean.sums.at(i) / mean.counts.at(i));
  }
  if (second - mean.written < mean_pause) return;
  mean.written = second;
  write(start(place.number) + week_offset + step % week_slots * sizeof(Slot), step * week_step, means);
}

std::optional<Plot> History::plot(const std::string& object, Span span, std::uint32_t now) const {
  const auto found = places_.find(object);
  if (!is_open() || found == places_.end()) return std::nullopt;
  const std::uint32_t step = span == Span::hour ? 1 : week_step;
  const std::uint32_t count = span == Span::hour ? hour_slots : week_slots;
  std::vector<Slot> slots(count);
  const std::size_t offset = start(found->second.number) + (span == Span::hour ? hour_offset : week_offset);
  if (!read_at(fd_, offset, slots.data(), slots.size() * sizeof(Slot))) return std::nullopt;
  const std::uint32_t last = now / step;
  Plot plot{.step = step, .from = (last - count + 1) * step};
  plot.samples.reserve(count);
  for (std::uint32_t number = last - count + 1; number <= last; ++number) {
    const Slot& slot = slots[number % count];
    plot.samples.push_back(slot.time == number * step ? slot.sample : no_sample());
  }
  return plot;
}

}  // namespace keepalive::monitor
