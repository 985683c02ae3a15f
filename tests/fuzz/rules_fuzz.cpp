// The rule parser: any bytes as a rule file must give a table or complaints, and a table printed as rules must
// read back as the same table.
#include <sys/mman.h>
#include <unistd.h>

#include <cstdlib>
#include <string>

#include "endpoints.hpp"
#include "output.hpp"
#include "rule_file.hpp"
#include "rules.hpp"

namespace {

auto read_text(const std::string& text) {
  const int file = ::memfd_create("rules", MFD_CLOEXEC);
  if (::write(file, text.data(), text.size()) != static_cast<ssize_t>(text.size())) std::abort();
  ::lseek(file, 0, SEEK_SET);
  auto table = ipvsadm::read_rules(file, "rules");
  ::close(file);
  return table;
}

std::string print(const ipvs::Table& table) {
  const int file = ::memfd_create("printed", MFD_CLOEXEC);
  {
    ipvsadm::Output out{file};
    ipvsadm::Endpoints numbers{ipvsadm::Naming::numbers};
    for (const auto& [key, service] : table) {
      ipvsadm::print_rule(out, numbers, service.service);
      for (const ipvs::Destination& destination : service.destinations)
        ipvsadm::print_rule(out, numbers, key, destination);
    }
  }
  std::string text(static_cast<std::size_t>(::lseek(file, 0, SEEK_END)), '\0');
  if (::pread(file, text.data(), text.size(), 0) != static_cast<ssize_t>(text.size())) std::abort();
  ::close(file);
  return text;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto table = read_text(std::string(reinterpret_cast<const char*>(data), size));
  if (!table) return 0;
  const std::string printed = print(*table);
  const auto again = read_text(printed);
  if (!again || print(*again) != printed) std::abort();
  return 0;
}
