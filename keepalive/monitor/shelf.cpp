#include "monitor/shelf.hpp"

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

struct Head {
  std::array<char, 16> magic = {'k', 'e', 'e', 'p', 'a', 'l', 'i', 'v', 'e', ' ', 'h', 'i', 's', 't', '2', '\n'};
  std::uint64_t capacity = 0;
  std::uint64_t place_size = 0;
  std::uint32_t hour_step = 0;
  std::uint32_t week_step = 0;
  std::array<char, 216> rest = {};

  friend bool operator==(const Head&, const Head&) = default;
};
static_assert(sizeof(Head) == 256);

constexpr std::size_t name_room = 256;
constexpr std::uint32_t hour = 3600;
constexpr std::uint32_t week = 7 * 24 * hour;
constexpr std::uint32_t gone_after = 600;   // seconds: then a place may be another's
constexpr std::uint32_t hold = 30;          // seconds that a value stands for if no other one comes
constexpr std::uint32_t write_pause = 300;  // seconds between writes of a mean that grows

constexpr std::uint16_t unknown = 0xFFFF;
constexpr int mantissa = 10;          // bits
constexpr int largest_exponent = 62;  // 63 is unknown
constexpr float unit = 1.0F / 1024;

/// Tells a slot's round from others; 0 is that of a slot never written.
std::uint16_t round_of(std::uint32_t step, std::uint32_t slots) {
  return static_cast<std::uint16_t>(step / slots % 65535 + 1);
}

bool write_at(int fd, std::size_t offset, const void* from, std::size_t size) {
  return ::pwrite(fd, from, size, static_cast<off_t>(offset)) == static_cast<ssize_t>(size);
}
bool read_at(int fd, std::size_t offset, void* to, std::size_t size) {
  return ::pread(fd, to, size, static_cast<off_t>(offset)) == static_cast<ssize_t>(size);
}

std::size_t at(Span span) { return static_cast<std::size_t>(span); }

}  // namespace

Sample no_sample() {
  Sample none{};
  none.fill(std::numeric_limits<float>::quiet_NaN());
  return none;
}

std::uint16_t packed(float value) {
  if (std::isnan(value)) return unknown;
  const double most = std::ldexp((2 << mantissa) - 1, largest_exponent - 1);
  const double units = std::clamp(static_cast<double>(value) / unit, 0.0, most);
  if (units < 1U << mantissa) return static_cast<std::uint16_t>(std::lround(units));
  const int exponent = std::ilogb(units) - mantissa + 1;
  const long digits = std::lround(std::ldexp(units, 1 - exponent)) - (1L << mantissa);
  return static_cast<std::uint16_t>(std::min((exponent << mantissa) + digits, (largest_exponent << mantissa) + 1023L));
}

float unpacked(std::uint16_t code) {
  if (code == unknown) return std::numeric_limits<float>::quiet_NaN();
  const int exponent = code >> mantissa;
  const int digits = code & ((1 << mantissa) - 1);
  if (exponent == 0) return static_cast<float>(digits) * unit;
  return std::ldexp(static_cast<float>(digits + (1 << mantissa)) * unit, exponent - 1);
}

std::size_t Layout::slot_size() const {
  return sizeof(std::uint16_t) * (1 + static_cast<std::size_t>(std::count(series.begin(), series.end(), true)));
}

std::size_t Layout::place_size() const { return name_room + (hour / hour_step + week / week_step) * slot_size(); }

// ---- The file

Shelf::~Shelf() { close(); }

void Shelf::close() {
  flush();
  if (fd_ >= 0) ::close(fd_);
  fd_ = -1;
  places_.clear();
  free_.clear();
  fresh_ = true;
  full_until_ = 0;
}

std::string Shelf::open(const std::string& path, std::uint64_t bytes) {
  const std::size_t size = layout_.place_size();
  const std::size_t capacity = bytes < sizeof(Head) ? 0 : (bytes - sizeof(Head)) / size;
  if (is_open() && path == path_ && capacity == capacity_) return {};
  close();
  path_ = path;
  capacity_ = capacity;
  if (capacity == 0) return fmt::format("an object takes {} bytes of history", size);
  fd_ = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (fd_ >= 0 && (load() || make())) return {};
  std::string fault = fmt::format("{}: {}", path, std::strerror(errno));
  places_.clear();
  close();
  return fault;
}

Shelf::Ring Shelf::ring(std::size_t number, Span span) const {
  const std::size_t begin = sizeof(Head) + number * layout_.place_size() + name_room;
  const std::uint32_t hour_slots = hour / layout_.hour_step;
  if (span == Span::hour) return {begin, layout_.hour_step, hour_slots};
  return {begin + hour_slots * layout_.slot_size(), layout_.week_step, week / layout_.week_step};
}

bool Shelf::load() {
  Head head;
  struct stat facts {};
  const Head expected{.capacity = capacity_,
                      .place_size = layout_.place_size(),
                      .hour_step = layout_.hour_step,
                      .week_step = layout_.week_step};
  const std::size_t size = sizeof head + capacity_ * layout_.place_size();
  if (::fstat(fd_, &facts) != 0 || static_cast<std::size_t>(facts.st_size) != size) return false;
  if (!read_at(fd_, 0, &head, sizeof head) || head != expected) return false;
  for (std::size_t number = capacity_; number-- > 0;) {
    std::array<char, name_room> name{};
    if (!read_at(fd_, ring(number, Span::hour).offset - name_room, name.data(), name.size())) return false;
    name.back() = '\0';
    if (name.front() == '\0' || !places_.try_emplace(name.data(), Place{.number = number}).second)
      free_.push_back({number, name.front() == '\0'});
  }
  return true;
}

/// Only what is written takes room of the disk.
bool Shelf::make() {
  places_.clear();
  free_.clear();
  const Head head{.capacity = capacity_,
                  .place_size = layout_.place_size(),
                  .hour_step = layout_.hour_step,
                  .week_step = layout_.week_step};
  const std::size_t size = sizeof head + capacity_ * layout_.place_size();
  if (::ftruncate(fd_, 0) != 0 || ::ftruncate(fd_, static_cast<off_t>(size)) != 0) return false;
  for (std::size_t number = capacity_; number-- > 0;) free_.push_back({number, true});
  return write_at(fd_, 0, &head, sizeof head);
}

bool Shelf::take_over(const std::string& object, const Free& place) {
  std::vector<char> blank(place.clean ? name_room : layout_.place_size(), '\0');
  std::copy(object.begin(), object.end(), blank.begin());
  return write_at(fd_, ring(place.number, Span::hour).offset - name_room, blank.data(), blank.size());
}

Shelf::Place* Shelf::place_of(const std::string& object, std::uint32_t second) {
  if (const auto found = places_.find(object); found != places_.end()) return &found->second;
  if (object.empty() || object.size() >= name_room || object.find('\0') != std::string::npos) return nullptr;
  if (free_.empty() && second < full_until_) return nullptr;
  if (free_.empty()) {
    const auto oldest = std::min_element(places_.begin(), places_.end(),
                                         [](const auto& a, const auto& b) { return a.second.seen < b.second.seen; });
    full_until_ = oldest == places_.end() ? second : oldest->second.seen + gone_after;
    if (second < full_until_ || places_.empty()) return nullptr;
    free_.push_back({oldest->second.number, false});
    places_.erase(oldest);
  }
  const Free place = free_.back();
  if (!take_over(object, place)) return nullptr;
  free_.pop_back();
  return &places_.try_emplace(object, Place{.number = place.number}).first->second;
}

void Shelf::see(std::uint32_t second, const std::vector<std::string>& objects) {
  if (std::exchange(fresh_, false))
    for (auto& [object, place] : places_) place.seen = second;
  for (const std::string& object : objects)
    if (const auto found = places_.find(object); found != places_.end()) found->second.seen = second;
}

// ---- Samples

void Shelf::Mean::add(const Sample& sample) {
  for (std::size_t i = 0; i < series_count; ++i)
    if (!std::isnan(sample.at(i))) sums.at(i) += sample.at(i), ++counts.at(i);
}

Sample Shelf::Mean::sample() const {
  Sample mean = no_sample();
  for (std::size_t i = 0; i < series_count; ++i)
    if (counts.at(i) > 0) mean.at(i) = sums.at(i) / static_cast<float>(counts.at(i));
  return mean;
}

/// The same sample in a row of steps, of which none is left out.
void Shelf::write(const Place& place, Span span, std::uint32_t first, std::uint32_t count, const Sample& sample) const {
  const Ring to = ring(place.number, span);
  std::vector<std::uint16_t> slots;
  const auto out = [&](std::uint32_t begin) {
    write_at(fd_, to.offset + begin % to.slots * layout_.slot_size(), slots.data(), slots.size() * sizeof slots[0]);
    slots.clear();  // a full disk makes a gap
  };
  std::uint32_t begin = first;
  for (std::uint32_t step = first; step < first + count; ++step) {
    if (step % to.slots == 0 && !slots.empty()) out(std::exchange(begin, step));
    slots.push_back(round_of(step, to.slots));
    for (std::size_t i = 0; i < series_count; ++i)
      if (layout_.series.at(i)) slots.push_back(packed(sample.at(i)));
  }
  out(begin);
}

bool Shelf::put(std::uint32_t second, const std::string& object, const Sample& sample) {
  Place* const place = is_open() ? place_of(object, second) : nullptr;
  if (place == nullptr) return false;
  const std::uint32_t since = second - place->means[at(Span::hour)].step;
  if (layout_.hour_step == 1) {
    if (since > 1 && since <= hold) write(*place, Span::hour, second - since + 1, since - 1, place->last);
    write(*place, Span::hour, second, 1, sample);
    place->means[at(Span::hour)].step = second;
    place->last = sample;
  } else {
    add(*place, Span::hour, second, sample);
  }
  add(*place, Span::week, second, sample);
  place->seen = second;
  return true;
}

void Shelf::add(Place& place, Span span, std::uint32_t second, const Sample& sample) {
  Mean& mean = place.means[at(span)];
  const std::uint32_t step = second / ring(place.number, span).step;
  if (mean.step != step) {
    if (mean.step != 0) write(place, span, mean.step, 1, mean.sample());
    mean = {.step = step, .written = second};
  }
  mean.add(sample);
  if (second - mean.written < write_pause) return;
  mean.written = second;
  write(place, span, step, 1, mean.sample());
}

void Shelf::flush() {
  if (!is_open()) return;
  for (const auto& [object, place] : places_)
    for (const Span span : {Span::hour, Span::week})
      if (const Mean& mean = place.means[at(span)]; mean.step != 0 && (span == Span::week || layout_.hour_step > 1))
        write(place, span, mean.step, 1, mean.sample());
}

std::optional<Plot> Shelf::plot(const std::string& object, Span span, std::uint32_t now) const {
  const auto found = places_.find(object);
  if (!is_open() || found == places_.end()) return std::nullopt;
  const Ring from = ring(found->second.number, span);
  const std::size_t width = layout_.slot_size() / sizeof(std::uint16_t);
  std::vector<std::uint16_t> slots(from.slots * width);
  if (!read_at(fd_, from.offset, slots.data(), slots.size() * sizeof slots[0])) return std::nullopt;
  const std::uint32_t last = now / from.step;
  Plot plot{.step = from.step, .from = (last - from.slots + 1) * from.step};
  plot.samples.assign(from.slots, no_sample());
  for (std::uint32_t i = 0; i < from.slots; ++i) {
    const std::uint32_t step = last - from.slots + 1 + i;
    const std::uint16_t* code = &slots[step % from.slots * width];
    if (*code != round_of(step, from.slots)) continue;
    for (std::size_t one = 0; one < series_count; ++one)
      if (layout_.series.at(one)) plot.samples[i].at(one) = unpacked(*++code);
  }
  const Mean& mean = found->second.means[at(span)];
  if (mean.step == last && (span == Span::week || layout_.hour_step > 1)) plot.samples.back() = mean.sample();
  return plot;
}

}  // namespace keepalive::monitor
