// Configurations of keepalived and ldirectord: any bytes, files separated by a NUL, must become text or a fault with a
// place; and what is left of a text that one of them became is a configuration that can be read, in which each fault is
// said to be left to do.
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

/// As many faults are told as there are, each at its line.
void look_at_faults(const import::Imported& imported) {
  const import::Imported checked = import::verified(imported, fuzz::texts(""));
  const auto config = load("k.conf", test::Texts{{{"k.conf", checked.text}}}, {});
  std::size_t count = 0;
  for (const import::Remark& remark : checked.remarks) {
    if (remark.verdict != import::Verdict::open) continue;
    must(!config && count < config.error().size());
    const std::uint32_t line = config.error()[count++].position.line;
    must(line == 0 || line == remark.at.line);
  }
  must(config ? count == 0 : count == config.error().size());
}

void look(const import::Outcome& outcome) {
  if (!outcome) {
    must(!outcome.error().text.empty() && !outcome.error().position.file.text().empty());
    return;
  }
  must(!import::summary(*outcome).empty());
  Diagnostics faults;
  base::ini::read("k.conf", outcome->text, {}, faults);
  for (const base::Diagnostic& fault : faults) must(fault.text.find("longer than") != std::string::npos);
  look_at_faults(*outcome);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  constexpr std::size_t most = 1U << 16U;  // bytes that definitions may come to
  const auto texts = fuzz::texts({reinterpret_cast<const char*>(data), size});
  look(import::import_keepalived("/k.conf", texts, {.id = "a", .folder = "/", .most = most}));
  look(import::import_ldirectord("/k.conf", texts));
  return 0;
}
