#include "core/schema.hpp"

#include <doctest/doctest.h>

#include "config/schema.hpp"

namespace keepalive::core {
namespace {

bool has(std::string_view part) { return schema().find(part) != std::string::npos; }

}  // namespace

TEST_CASE("schema: sections in order, keys with type, unit, bounds, words and default") {
  CHECK(schema().starts_with(R"({"sections":[{"name":"global","takes_name":false,"repeats":true,)"));
  CHECK(
      has(R"({"name":"interval","help":"from one probe's start to the next's","kind":"time","type":"duration",)"
          R"("unit":"ms","values":null,"minimum":10,"maximum":86400000,"default":"2s","applies":[],"repeats":false})"));
  CHECK(has(R"("applies":["http","https"],"repeats":)"));
  CHECK(has(R"("kind":"up or down","type":"word","unit":"","values":["up","down"],"minimum":null,"maximum":null,)"
            R"("default":"up")"));
  CHECK(has(R"({"name":"verify","help":"whether the certificate must be valid","kind":"yes or no","type":"word",)"
            R"("unit":"","values":["yes","no"])"));
  CHECK(has(R"("kind":"file:PATH","type":"file")"));
  CHECK(has(R"({"name":"type","help":)"));
  CHECK(has(R"("values":["tcp","udp","ping",)"));
  CHECK(has(R"({"name":"send","help":"what to send; escapes \\r \\n \\t \\0 \\xHH","kind":"bytes","type":"text")"));
}

TEST_CASE("schema: every key stands there, under a section with help") {
  const std::string text = schema();
  for (const config::Key& key : config::keys())
    CHECK(text.find("{\"name\":\"" + std::string{key.name} + "\"") != std::string::npos);
  for (const std::string_view section : config::sections())
    CHECK(text.find("{\"name\":\"" + std::string{section} + "\",\"takes_name\":") != std::string::npos);
  CHECK(text.find("\"help\":\"\"") == std::string::npos);
}

}  // namespace keepalive::core
