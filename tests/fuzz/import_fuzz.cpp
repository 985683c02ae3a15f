// Configurations of keepalived and ldirectord: any bytes, files separated by a NUL, must become text or a fault with a
// place; what is left of a text that one of them became can be read, and what became of ldirectord has no fault.
#include <cstdint>
#include <cstdio>
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

/// What comes of ldirectord's has no fault, unless nothing came of it, or lines are too long.
void must_load(const std::string& text) {
  const auto config = load("k.conf", keepalive::test::Texts{{{"k.conf", text}}}, {});
  if (config) return;
  for (const base::Diagnostic& fault : config.error()) {
    const bool known = fault.text.find("longer than") != std::string::npos || fault.text.find("nothing stands") == 0;
    if (!known) std::fprintf(stderr, "%s\n%s\n", text.c_str(), base::render(fault).c_str());
    must(known);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  constexpr std::size_t most = 1U << 16U;  // bytes that definitions may come to
  const auto texts = fuzz::texts({reinterpret_cast<const char*>(data), size});
  look(import::import_keepalived("/k.conf", texts, {.id = "a", .folder = "/", .most = most}));
  const auto ldirectord = import::import_ldirectord("/k.conf", texts);
  look(ldirectord);
  if (ldirectord) must_load(ldirectord->text);
  return 0;
}
