#include "probe/file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include <array>
#include <cerrno>
#include <string_view>

#include "base/text.hpp"
#include "probe/fd.hpp"
#include "probe/words.hpp"

namespace keepalive::probe {

Found FileProbe::start() {
  const std::string& path = check().path;
  const auto cannot = [&](int error) { return fault(fmt::format("cannot read {}: {}", path, print_error(error))); };
  const Fd file{open(path.c_str(), O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC)};
  if (!file) return cannot(errno);
  struct stat status {};
  if (fstat(file.get(), &status) != 0 || !S_ISREG(status.st_mode)) return fault(path + " is not a file");
  std::array<char, 64> bytes{};
  const ssize_t size = read(file.get(), bytes.data(), bytes.size());
  if (size < 0) return cannot(errno);
  const std::string_view text = base::trimmed({bytes.data(), static_cast<std::size_t>(size)}, " \t\r\n");
  const auto weight = base::read_number<std::int32_t>(text);
  if (!weight || *weight < 0) return fault(fmt::format("{} holds no weight: `{}'", path, clean(text, 20)));
  Finding found = success(Fact::weight, *weight);
  found.weight = *weight;
  return found;
}

}  // namespace keepalive::probe
