#include "config/named_files.hpp"

#include <fmt/format.h>

#include <utility>

#include "base/text.hpp"

namespace keepalive::config {
namespace {

using FileText = tl::expected<std::string, std::string>;

FileText or_fault(FileText text, const std::string& path) {
  if (text) return text;
  return tl::unexpected{fmt::format("cannot read {}: {}", path, text.error())};
}

}  // namespace

std::optional<std::string> named_path(std::string_view value) {
  constexpr std::string_view mark = "file:";
  if (!value.starts_with("file:/")) return std::nullopt;
  return std::string{value.substr(mark.size())};
}

FileText read_secret(const FileReader& files, const std::string& path) {
  return or_fault(files.read_secret(path), path).map(base::without_end);
}

FileText read_named(const FileReader& files, std::string_view value, bool secret, Pem pem) {
  const auto path = named_path(value);
  if (!path) return tl::unexpected<std::string>{"wants file:/PATH"};
  FileText text = secret ? read_secret(files, *path) : or_fault(files.read(*path), *path);
  if (!text) return text;
  if (text->empty()) return tl::unexpected{fmt::format("{} is empty", *path)};
  if (const std::string fault = pem_fault(*text, pem); !fault.empty())
    return tl::unexpected{fmt::format("{} {}", *path, fault)};
  return text;
}

}  // namespace keepalive::config
