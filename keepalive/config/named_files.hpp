// Values that stand in files of their own: file:/PATH.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <tl/expected.hpp>

#include "config/load.hpp"
#include "config/values.hpp"

namespace keepalive::config {

/// PATH of "file:/PATH"; nothing: it is no such value.
std::optional<std::string> named_path(std::string_view value);

/// What the file holds that only its owner may read, without blanks and line ends behind it. Error: what is wrong.
tl::expected<std::string, std::string> read_secret(const FileReader& files, const std::string& path);

/// The text, not empty, that "file:/PATH" names: of a secret as read_secret() has it. Error: what is wrong.
tl::expected<std::string, std::string> read_named(const FileReader& files, std::string_view value, bool secret,
                                                  Pem pem = Pem::any);

}  // namespace keepalive::config
