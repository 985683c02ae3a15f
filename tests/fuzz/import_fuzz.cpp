// Configurations of keepalived and ldirectord: any bytes, files separated by a NUL, must become text or a fault with a
// place; and what is left of a text that one of them became is a configuration that can be read.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "base/ini.hpp"
#include "fuzz.hpp"
#include "import/import.hpp"
#include "texts.hpp"

namespace {

using namespace keepalive;
using fuzz::must;

void look(const import::Outcome& outcome) {
  if (!outcome) {
    must(!outcome.error().text.empty() && !outcome.error().position.file.text().empty());
    return;
  }
  must(!import::summary(*outcome).empty());
  Diagnostics faults;
  base::ini::read("k.conf", outcome->text, {}, faults);
  for (const base::Diagnostic& fault : faults) must(fault.text.find("longer than") != std::string::npos);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  constexpr std::size_t most = 1U << 16U;  // bytes that definitions may come to
  const auto texts = fuzz::texts({reinterpret_cast<const char*>(data), size});
  look(import::import_keepalived("/k.conf", texts, {.id = "a", .folder = "/", .most = most}));
  look(import::import_ldirectord("/k.conf", texts));
  return 0;
}
