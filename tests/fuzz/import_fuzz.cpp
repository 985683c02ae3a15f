// Configurations of keepalived and ldirectord: any bytes, files separated by a NUL, must become text or a fault with a
// place; and what is left of a text that one of them became is a configuration that can be read.
#include <cstdint>
#include <cstdlib>
#include <map>
#include <string>

#include "base/ini.hpp"
#include "import/import.hpp"

namespace {

using namespace keepalive;

/// The first text is "/k.conf", the next ones "/1", "/2", …
class Texts final : public FileReader {
 public:
  explicit Texts(std::string_view bytes) {
    std::string path = "/k.conf";
    for (;;) {
      const std::size_t end = std::min(bytes.find('\0'), bytes.size());
      texts_[path] = bytes.substr(0, end);
      path = "/" + std::to_string(texts_.size());
      if (end == bytes.size()) return;
      bytes.remove_prefix(end + 1);
    }
  }
  tl::expected<std::string, std::string> read(const std::string& path) const override {
    const auto found = texts_.find(path);
    if (found == texts_.end()) return tl::unexpected<std::string>{"not there"};
    return found->second;
  }
  tl::expected<std::string, std::string> read_secret(const std::string& path) const override { return read(path); }
  tl::expected<std::vector<std::string>, std::string> glob(const std::string& pattern) const override {
    std::vector<std::string> paths;
    for (const auto& [path, text] : texts_)
      if (pattern == "/*" || pattern == path) paths.push_back(path);
    return paths;
  }
  std::string identity(const std::string& path) const override { return path; }

 private:
  std::map<std::string, std::string> texts_ = {};
};

void must(bool holds) {
  if (!holds) std::abort();
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
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  constexpr std::size_t most = 1U << 16U;  // bytes that definitions may come to
  const Texts texts{{reinterpret_cast<const char*>(data), size}};
  look(import::import_keepalived("/k.conf", texts, {.id = "a", .folder = "/", .most = most}));
  look(import::import_ldirectord("/k.conf", texts));
  return 0;
}
