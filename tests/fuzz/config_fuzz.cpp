// Configurations: any bytes, files separated by a NUL, must give a Config or faults that all have a place; and each
// check must come through print_check() as it was.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include "config/load.hpp"
#include "fuzz.hpp"
#include "texts.hpp"

namespace {

using namespace keepalive;
using fuzz::must;

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto texts = fuzz::texts({reinterpret_cast<const char*>(data), size});
  const auto config = load("/k.conf", texts, {{"NAME", "value"}, {"EMPTY", ""}});
  if (!config) {
    must(!config.error().empty());
    for (const base::Diagnostic& fault : config.error()) {
      must(!fault.position.file.text().empty() && !fault.text.empty());
      if (fault.position.line == 0) continue;  // of the file as a whole
      must(fault.position.column > 0 && fault.position.column <= fault.source.size() + 1);
    }
    must(!base::render(config.error()).empty());
    return 0;
  }
  for (const Check& check : config->checks) {
    const auto again = parse_check(check.name, print_check(check));
    must(again && *again == check);
  }
  return 0;
}
