// Figures over time in a file.
#include "monitor/history.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmath>
#include <cstdlib>
#include <fstream>

using namespace keepalive::monitor;

namespace {

struct Folder {
  Folder() { REQUIRE(::mkdtemp(path.data()) != nullptr); }
  ~Folder() {
    ::unlink(file().c_str());
    ::rmdir(path.c_str());
  }
  std::string file() const { return path + "/history"; }
  std::string path = "/tmp/history.XXXXXX";
};

Sample sample(float active) {
  Sample made = no_sample();
  made[0] = active;
  return made;
}

constexpr std::uint64_t place = 256 + (3600 + 2016) * 32;
constexpr std::uint32_t noon = 1800000000;

}  // namespace

TEST_CASE("a second is found at its place, and a gap is a gap") {
  const Folder folder;
  History history;
  REQUIRE(history.open(folder.file(), 256 + 2 * place) == "");
  history.put(noon, {{"a", sample(1)}, {"b", sample(2)}});
  history.put(noon + 2, {{"a", sample(3)}});
  const auto plot = history.plot("a", Span::hour, noon + 3);
  REQUIRE(plot);
  CHECK(plot->step == 1);
  CHECK(plot->from == noon + 3 - 3599);
  REQUIRE(plot->samples.size() == 3600);
  CHECK(plot->samples[3596][0] == 1);
  CHECK(std::isnan(plot->samples[3597][0]));
  CHECK(plot->samples[3598][0] == 3);
  CHECK(std::isnan(plot->samples[3598][1]));
  CHECK(std::isnan(plot->samples[3599][0]));
  CHECK_FALSE(history.plot("c", Span::hour, noon));
  const auto later = history.plot("a", Span::hour, noon + 3600 + 1);
  CHECK(std::isnan(later->samples[3598][0]));  // the same place, an hour later
  CHECK(later->samples[0][0] == 3);
}

TEST_CASE("five minutes are their mean") {
  const Folder folder;
  History history;
  REQUIRE(history.open(folder.file(), 256 + place) == "");
  for (std::uint32_t second = 0; second < 300; ++second)
    history.put(noon + second, {{"a", sample(second < 150 ? 10 : 20)}});
  const auto plot = history.plot("a", Span::week, noon + 299);
  REQUIRE(plot->samples.size() == 2016);
  CHECK(plot->step == 300);
  CHECK(plot->samples[2015][0] == doctest::Approx(15).epsilon(0.05));
  CHECK(std::isnan(plot->samples[2014][0]));
}

TEST_CASE("it survives a restart; a broken file, or one of another size, is replaced") {
  const Folder folder;
  {
    History history;
    REQUIRE(history.open(folder.file(), 256 + 2 * place) == "");
    history.put(noon, {{"a", sample(1)}});
  }
  History history;
  REQUIRE(history.open(folder.file(), 256 + 2 * place) == "");
  CHECK(history.plot("a", Span::hour, noon)->samples[3599][0] == 1);
  REQUIRE(history.open(folder.file(), 256 + 3 * place) == "");
  CHECK(history.objects() == 0);
  history.put(noon, {{"a", sample(1)}});
  history.close();
  std::ofstream{folder.file(), std::ios::in | std::ios::out} << "nonsense";
  REQUIRE(history.open(folder.file(), 256 + 3 * place) == "");
  CHECK(history.objects() == 0);
  CHECK(history.open("/nonexistent/history", 256 + place) == "/nonexistent/history: No such file or directory");
  CHECK_FALSE(history.is_open());
  CHECK(history.open(folder.file(), 1000) != "");
  CHECK(history.open(folder.file(), 0) == "");
}

TEST_CASE("it never grows: who comes last is left out, until a place has long been nobody's") {
  const Folder folder;
  History history;
  REQUIRE(history.open(folder.file(), 256 + 2 * place) == "");
  history.put(noon, {{"a", sample(1)}, {"b", sample(2)}, {"c", sample(3)}, {std::string(300, 'x'), sample(4)}});
  CHECK(history.objects() == 2);
  CHECK(history.left_out() == 2);
  history.put(noon + 1, {{"b", sample(2)}, {"c", sample(3)}});
  CHECK(history.left_out() == 1);
  history.put(noon + 700, {{"b", sample(2)}, {"c", sample(3)}});
  CHECK(history.left_out() == 0);
  CHECK_FALSE(history.plot("a", Span::hour, noon + 700));
  const auto plot = history.plot("c", Span::hour, noon + 700);
  CHECK(plot->samples[3599][0] == 3);
  CHECK(std::isnan(plot->samples[2899][0]));  // not what was a's
  struct stat facts {};
  REQUIRE(::stat(folder.file().c_str(), &facts) == 0);
  CHECK(static_cast<std::uint64_t>(facts.st_size) <= 256 + 2 * place);
}
