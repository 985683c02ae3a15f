// The command line: any words must give a command or a complaint.
#include <string_view>
#include <vector>

#include "parse.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view rest{reinterpret_cast<const char*>(data), size};
  std::vector<std::string_view> words;
  while (!rest.empty()) {
    const std::size_t end = rest.find('\0');
    words.push_back(rest.substr(0, end));
    if (end == std::string_view::npos) break;
    rest.remove_prefix(end + 1);
  }
  for (const auto dialect : {ipvsadm::Dialect::ipvsadm, ipvsadm::Dialect::ng}) {
    const auto command = ipvsadm::parse("ipvsadm", words, dialect);
    if (!command && command.error().text.empty()) __builtin_trap();
  }
  return 0;
}
