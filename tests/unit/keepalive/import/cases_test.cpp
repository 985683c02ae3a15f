// Whole configurations beside what they become: cases/NAME.conf or NAME.cf, and cases/NAME.ini.
#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "imports.hpp"

namespace cases_test {

using namespace keepalive::import;
using namespace keepalive::import::test;

namespace {

std::string whole(const std::filesystem::path& path) {
  std::ifstream file{path};
  return {std::istreambuf_iterator<char>{file}, {}};
}

std::string result(const std::filesystem::path& path, const std::string& text) {
  return path.extension() == ".cf" ? from_ldirectord(text) : imported(text);
}

/// The text with a strange statement behind each line that opens a block, and the numbers of those lines.
std::pair<std::string, std::vector<std::uint32_t>> with_strangers(const std::string& text) {
  std::string more;
  std::vector<std::uint32_t> numbers;
  std::uint32_t number = 0;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    const std::string line = text.substr(at, end - at);
    at = end + 1;
    more += line + "\n";
    ++number;
    if (!line.ends_with('{')) continue;
    more += "stranger of all\n";
    numbers.push_back(++number);
  }
  return {more, numbers};
}

}  // namespace

TEST_CASE("what each case becomes, to the letter, and that it is a configuration without faults") {
  std::size_t count = 0;
  for (const auto& entry : std::filesystem::directory_iterator{CASES}) {
    if (entry.path().extension() == ".ini") continue;
    INFO(entry.path().filename());
    const std::string text = result(entry.path(), whole(entry.path()));
    CHECK(text == whole(std::filesystem::path{entry.path()}.replace_extension(".ini")));
    CHECK(load_faults(text) == "");
    ++count;
  }
  CHECK(count >= 6);
}

TEST_CASE("no statement is lost in silence, in whatever block it stands") {
  for (const auto& entry : std::filesystem::directory_iterator{CASES}) {
    if (entry.path().extension() != ".conf") continue;
    INFO(entry.path().filename());
    const auto [text, numbers] = with_strangers(whole(entry.path()));
    const auto outcome = import_texts({{main_file, text}});
    REQUIRE(outcome);
    for (const std::uint32_t number : numbers)
      CHECK_MESSAGE(std::any_of(outcome->remarks.begin(), outcome->remarks.end(),
                                [&](const Remark& remark) { return remark.at.line == number; }),
                    number);
  }
}

}  // namespace cases_test
