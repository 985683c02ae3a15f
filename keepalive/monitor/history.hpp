// Figures over time in one file of fixed size: an hour by the second, a week by five minutes. A sample's place follows
// from its time and it says its time itself, so that gaps and restarts need no care.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
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

class History {
 public:
  History() = default;
  History(const History&) = delete;
  History& operator=(const History&) = delete;
  ~History();

  /// At most so many bytes, in this file; what it holds is taken over, a broken file is replaced. Empty, or why there
  /// is none now.
  std::string open(const std::string& path, std::uint64_t bytes);
  void close();
  bool is_open() const { return fd_ >= 0; }

  /// Everything that is known at this second. Objects for which there is no room are left out, those first that come
  /// last; the places of objects that are gone are taken by new ones.
  void put(std::uint32_t second, const std::vector<std::pair<std::string, Sample>>& objects);
  /// Nothing: it is not kept.
  std::optional<Plot> plot(const std::string& object, Span span, std::uint32_t now) const;
  std::size_t objects() const { return places_.size(); }
  std::size_t left_out() const { return left_out_; }

 private:
  struct Mean {
    std::uint32_t step = 0;     // number of five minutes
    std::uint32_t written = 0;  // second
    std::array<double, series_count> sums = {};
    std::array<std::uint32_t, series_count> counts = {};
  };
  struct Place {
    std::size_t number = 0;
    std::uint32_t seen = 0;
    Mean mean = {};
  };
  bool load();
  bool make();
  Place* place_of(const std::string& object, std::uint32_t second);
  bool take_over(const std::string& object, std::size_t number);
  void write(std::size_t offset, std::uint32_t time, const Sample& sample);
  void add(Place& place, std::uint32_t second, const Sample& sample);

  int fd_ = -1;
  std::string path_ = "";
  std::size_t capacity_ = 0;
  std::map<std::string, Place> places_ = {};
  std::vector<std::size_t> free_ = {};
  std::size_t left_out_ = 0;
  bool fresh_ = true;  // nothing was put since the file was opened
};

}  // namespace keepalive::monitor
