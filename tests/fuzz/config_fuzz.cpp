// Configurations: any bytes, files separated by a NUL, must give a Config or faults that all have a place; and each
// check must come through print_check() as it was.
#include <cstdint>
#include <cstdlib>
#include <map>
#include <string>
#include <vector>

#include "config/load.hpp"

namespace {

using namespace keepalive;

/// The first text is "k.conf", the next ones "1", "2", …
class Texts final : public FileReader {
 public:
  explicit Texts(std::string_view bytes) {
    std::string path = "k.conf";
    for (;;) {
      const std::size_t end = std::min(bytes.find('\0'), bytes.size());
      texts_[path] = bytes.substr(0, end);
      path = std::to_string(texts_.size());
      if (end == bytes.size()) return;
      bytes.remove_prefix(end + 1);
    }
  }
  tl::expected<std::string, std::string> read(const std::string& path) const override {
    const auto found = texts_.find(path.substr(path.rfind('/') + 1));
    if (found == texts_.end()) return tl::unexpected<std::string>{"not there"};
    return found->second;
  }
  tl::expected<std::string, std::string> read_secret(const std::string& path) const override { return read(path); }
  tl::expected<std::vector<std::string>, std::string> glob(const std::string& pattern) const override {
    std::vector<std::string> paths;
    for (const auto& [path, text] : texts_)
      if (pattern == "*" || pattern == path) paths.push_back(path);
    return paths;
  }
  std::string identity(const std::string& path) const override { return path; }

 private:
  std::map<std::string, std::string> texts_ = {};
};

void must(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Texts texts{{reinterpret_cast<const char*>(data), size}};
  const auto config = load("k.conf", texts, {{"NAME", "value"}, {"EMPTY", ""}});
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
