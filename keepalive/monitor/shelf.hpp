// Figures over time in one file of fixed size: of each object an hour in small steps and a week in larger ones. A
// slot's place follows from its time and it says its time itself, so that gaps and restarts need no care.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace keepalive::monitor {

enum class Series : std::uint8_t { active, inactive, cps, inbps, outbps, latency_us, up };
constexpr std::size_t series_count = 7;
constexpr std::array<std::string_view, series_count> series_names{"active", "inactive",   "cps", "inbps",
                                                                  "outbps", "latency_us", "up"};
/// NaN: not known.
using Sample = std::array<float, series_count>;
Sample no_sample();

enum class Span : std::uint8_t { hour, week };
struct Plot {
  std::uint32_t step = 1;  // seconds
  std::uint32_t from = 0;  // since 1970
  std::vector<Sample> samples = {};
};

/// What a shelf keeps of each object.
struct Layout {
  std::uint32_t hour_step = 1;  // seconds
  std::uint32_t week_step = 600;
  std::array<bool, series_count> series = {true, true, true, true, true, true, true};

  std::size_t slot_size() const;
  /// Bytes that an object takes.
  std::size_t place_size() const;
};

class Shelf {
 public:
  explicit Shelf(const Layout& layout) : layout_{layout} {}
  Shelf(const Shelf&) = delete;
  Shelf& operator=(const Shelf&) = delete;
  ~Shelf();

  /// At most so many bytes, in this file; what it holds is taken over, a broken file is replaced. Empty, or why there
  /// is none now.
  std::string open(const std::string& path, std::uint64_t bytes);
  void close();
  bool is_open() const { return fd_ >= 0; }

  /// What is known at this second of an object. False: there is no room for it.
  bool put(std::uint32_t second, const std::string& object, const Sample& sample);
  /// These are there still, before any is put: none of them is displaced.
  void see(std::uint32_t second, const std::vector<std::string>& objects);
  bool holds(const std::string& object) const { return places_.contains(object); }
  /// Nothing: it is not kept.
  std::optional<Plot> plot(const std::string& object, Span span, std::uint32_t now) const;
  std::size_t objects() const { return places_.size(); }
  std::size_t capacity() const { return capacity_; }
  /// Writes what is not written yet of steps under way.
  void flush();

 private:
  /// Of a step under way.
  struct Mean {
    std::uint32_t step = 0;
    std::uint32_t written = 0;  // second
    std::array<float, series_count> sums = {};
    std::array<std::uint16_t, series_count> counts = {};

    void add(const Sample& sample);
    Sample sample() const;
  };
  struct Place {
    std::size_t number = 0;
    std::uint32_t seen = 0;
    Sample last = no_sample();
    std::array<Mean, 2> means = {};  // by Span
  };
  /// One of the two rings of an object.
  struct Ring {
    std::size_t offset = 0;
    std::uint32_t step = 1;
    std::uint32_t slots = 0;
  };
  struct Free {
    std::size_t number = 0;
    bool clean = true;
  };
  Ring ring(std::size_t number, Span span) const;
  bool load();
  bool make();
  Place* place_of(const std::string& object, std::uint32_t second);
  bool take_over(const std::string& object, const Free& place);
  void add(Place& place, Span span, std::uint32_t second, const Sample& sample);
  void write(const Place& place, Span span, std::uint32_t first, std::uint32_t count, const Sample& sample) const;

  Layout layout_;
  int fd_ = -1;
  std::string path_ = "";
  std::size_t capacity_ = 0;
  std::unordered_map<std::string, Place> places_ = {};
  std::vector<Free> free_ = {};
  bool fresh_ = true;             // nothing was seen since the file was opened
  std::uint32_t full_until_ = 0;  // second; no place is to be had before
};

/// A value in 16 bits, as a shelf keeps it: whole numbers below 2,048 exactly, others to one in 2,048; NaN stays so.
std::uint16_t packed(float value);
float unpacked(std::uint16_t code);

}  // namespace keepalive::monitor
