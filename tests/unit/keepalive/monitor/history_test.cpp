// Figures over time in files.
#include "monitor/history.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace history_test {

using namespace keepalive::monitor;

namespace {

struct Folder {
  Folder() { REQUIRE(::mkdtemp(path.data()) != nullptr); }
  ~Folder() { std::filesystem::remove_all(path); }
  std::string file() const { return path + "/history"; }
  std::string path = "/tmp/history.XXXXXX";
};

Sample sample(float active) {
  Sample made = no_sample();
  made[0] = active;
  return made;
}

constexpr Layout whole{};
constexpr Layout coarse{.hour_step = 60, .week_step = 3600, .series = {true, true, false, false, false, true, true}};
constexpr std::uint32_t noon = 1800000000;

std::uint64_t room(const Layout& layout, std::uint64_t places) { return 256 + places * layout.place_size(); }

}  // namespace

TEST_CASE("a value in 16 bits: small whole numbers exactly, others to one in 2,048") {
  for (float value = 0; value <= 2048; ++value) CHECK(unpacked(packed(value)) == value);
  for (double value = 0.001; value < 1e18; value *= 1.37)
    CHECK(unpacked(packed(static_cast<float>(value))) == doctest::Approx(value).epsilon(value < 0.5 ? 1 : 1.0 / 2000));
  CHECK(std::isnan(unpacked(packed(std::nanf("")))));
  CHECK(unpacked(packed(-1)) == 0);
  CHECK(unpacked(packed(std::numeric_limits<float>::infinity())) > 1e18F);
  CHECK(unpacked(packed(0.9F)) == doctest::Approx(0.9).epsilon(0.001));
}

TEST_CASE("a second is found at its place; a value stands for half a minute, a longer gap is a gap") {
  const Folder folder;
  Shelf shelf{whole};
  REQUIRE(shelf.open(folder.file(), room(whole, 2)) == "");
  CHECK(shelf.put(noon, "a", sample(1)));
  CHECK(shelf.put(noon, "b", sample(2)));
  CHECK(shelf.put(noon + 3, "a", sample(3)));
  CHECK(shelf.put(noon + 40, "a", sample(4)));
  const auto plot = shelf.plot("a", Span::hour, noon + 41);
  REQUIRE(plot);
  CHECK(plot->step == 1);
  CHECK(plot->from == noon + 41 - 3599);
  REQUIRE(plot->samples.size() == 3600);
  const auto at = [&](std::uint32_t second) { return plot->samples[noon + second - plot->from][0]; };
  CHECK(at(0) == 1);
  CHECK(at(1) == 1);
  CHECK(at(2) == 1);
  CHECK(at(3) == 3);
  CHECK(std::isnan(at(4)));
  CHECK(std::isnan(at(39)));
  CHECK(at(40) == 4);
  CHECK(std::isnan(at(41)));
  CHECK(std::isnan(plot->samples[3598][1]));
  CHECK_FALSE(shelf.plot("c", Span::hour, noon));
  const auto later = shelf.plot("a", Span::hour, noon + 3600 + 2);
  CHECK(std::isnan(later->samples[3599][0]));  // the same place, an hour later
  CHECK(later->samples[0][0] == 3);
}

TEST_CASE("a row of held values goes round the end of the hour") {
  const Folder folder;
  Shelf shelf{whole};
  REQUIRE(shelf.open(folder.file(), room(whole, 1)) == "");
  const std::uint32_t end = noon / 3600 * 3600 + 3600;
  shelf.put(end - 5, "a", sample(1));
  shelf.put(end + 5, "a", sample(2));
  const auto plot = shelf.plot("a", Span::hour, end + 5);
  for (std::uint32_t i = 3589; i < 3599; ++i) CHECK(plot->samples[i][0] == 1);
  CHECK(plot->samples[3599][0] == 2);
  CHECK(std::isnan(plot->samples[3588][0]));
}

TEST_CASE("a larger step is the mean of its seconds, also while it is under way") {
  const Folder folder;
  Shelf shelf{coarse};
  REQUIRE(shelf.open(folder.file(), room(coarse, 1)) == "");
  const std::uint32_t begin = noon / 3600 * 3600;
  for (std::uint32_t second = 0; second < 90; ++second) shelf.put(begin + second, "a", sample(second < 30 ? 10 : 20));
  const auto hour = shelf.plot("a", Span::hour, begin + 90);
  REQUIRE(hour->samples.size() == 60);
  CHECK(hour->step == 60);
  CHECK(hour->samples[58][0] == doctest::Approx(15));
  CHECK(hour->samples[59][0] == 20);
  CHECK(std::isnan(hour->samples[59][2]));
  const auto week = shelf.plot("a", Span::week, begin + 90);
  REQUIRE(week->samples.size() == 168);
  CHECK(week->samples[167][0] == doctest::Approx(16.67).epsilon(0.01));
  CHECK(std::isnan(week->samples[166][0]));
}

TEST_CASE("it survives a restart; a broken file, or one of another size, is replaced") {
  const Folder folder;
  {
    Shelf shelf{coarse};
    REQUIRE(shelf.open(folder.file(), room(coarse, 2)) == "");
    shelf.put(noon, "a", sample(1));
  }
  Shelf shelf{coarse};
  REQUIRE(shelf.open(folder.file(), room(coarse, 2)) == "");
  CHECK(shelf.plot("a", Span::hour, noon)->samples[59][0] == 1);
  CHECK(shelf.plot("a", Span::week, noon)->samples[167][0] == 1);
  REQUIRE(shelf.open(folder.file(), room(coarse, 3)) == "");
  CHECK(shelf.objects() == 0);
  shelf.put(noon, "a", sample(1));
  shelf.close();
  Shelf other{whole};
  REQUIRE(other.open(folder.file(), room(whole, 1)) == "");
  other.put(noon, "a", sample(1));
  other.close();
  std::ofstream{folder.file(), std::ios::in | std::ios::out} << "nonsense";
  REQUIRE(other.open(folder.file(), room(whole, 1)) == "");
  CHECK(other.objects() == 0);
  CHECK(other.open("/nonexistent/history", room(whole, 1)) == "/nonexistent/history: No such file or directory");
  CHECK_FALSE(other.is_open());
  CHECK(other.open(folder.file(), 1000) != "");
}

TEST_CASE("it never grows: who comes last is left out, until a place has long been nobody's") {
  const Folder folder;
  Shelf shelf{coarse};
  REQUIRE(shelf.open(folder.file(), room(coarse, 2)) == "");
  CHECK(shelf.put(noon, "a", sample(1)));
  CHECK(shelf.put(noon, "b", sample(2)));
  CHECK_FALSE(shelf.put(noon, "c", sample(3)));
  CHECK_FALSE(shelf.put(noon, std::string(300, 'x'), sample(4)));
  shelf.see(noon + 1, {"b", "c"});
  CHECK_FALSE(shelf.put(noon + 1, "c", sample(3)));
  shelf.see(noon + 700, {"b", "c"});
  CHECK(shelf.put(noon + 700, "c", sample(3)));
  CHECK_FALSE(shelf.plot("a", Span::hour, noon + 700));
  const auto plot = shelf.plot("c", Span::hour, noon + 700);
  CHECK(plot->samples[59][0] == 3);
  for (std::size_t i = 0; i < 59; ++i) CHECK(std::isnan(plot->samples[i][0]));  // not what was a's
  struct stat facts {};
  REQUIRE(::stat(folder.file().c_str(), &facts) == 0);
  CHECK(static_cast<std::uint64_t>(facts.st_size) <= room(coarse, 2));
}

TEST_CASE("services are kept by the second, of servers as many as half of the room is for, the others in minutes") {
  const Folder folder;
  History history;
  REQUIRE(history.open(folder.path, 1U << 20U) == "");  // 8 places of seconds
  std::vector<Observation> all;
  for (int i = 0; i < 20; ++i)
    all.push_back({.object = fmt::format("server{}", i), .rank = Rank::minor, .sample = sample(1)});
  for (int i = 0; i < 3; ++i) all.push_back({.object = fmt::format("service{}", i), .sample = sample(2)});
  history.put(noon, all);
  CHECK(history.left_out() == 0);
  CHECK(history.plot("service2", Span::hour, noon)->step == 1);
  CHECK(history.plot("server0", Span::hour, noon)->step == 1);
  CHECK(history.plot("server19", Span::hour, noon)->step == 60);
  CHECK(history.missing("server19", Series::cps) == "rates are kept of services only");
  CHECK(history.missing("service0", Series::cps).empty());
  CHECK(history.missing("server19", Series::latency_us).empty());
  for (int i = 3; i < 12; ++i) all.push_back({.object = fmt::format("service{}", i), .sample = sample(2)});
  history.put(noon + 1, all);
  CHECK(history.plot("service11", Span::hour, noon + 1)->step == 60);
  CHECK(history.missing("service11", Series::cps) == "no room: make [monitor] history larger");
  CHECK(history.open(folder.path, 0) == "");
  CHECK_FALSE(history.is_open());
}

TEST_CASE("1,000 services and 20,000 servers with their pools of two directors fit into what is kept by default") {
  const Folder folder;
  History history;
  REQUIRE(history.open(folder.path, 256U << 20U) == "");
  std::vector<Observation> all;
  for (int i = 0; i < 2000; ++i) all.push_back({.object = fmt::format("service{}", i), .sample = sample(2)});
  for (int i = 0; i < 42000; ++i)
    all.push_back({.object = fmt::format("server{}", i), .rank = Rank::minor, .sample = sample(1)});
  history.put(noon, all);
  CHECK(history.left_out() == 0);
  CHECK(history.plot("service1999", Span::hour, noon)->step == 1);
  CHECK(history.plot("server41999", Span::hour, noon)->step == 60);
  std::uint64_t bytes = 0;
  for (const auto& one : std::filesystem::directory_iterator{folder.path}) bytes += one.file_size();
  CHECK(bytes <= 256U << 20U);
}

}  // namespace history_test
