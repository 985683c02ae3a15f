// The secret that agents share, as it stands in a file: the same for ipvs-sync and for keepalive, since an agent of the one
// may have one of the other for its peer.
#pragma once

#include <cstddef>
#include <string>
#include <tl/expected.hpp>

namespace ipvs::sync {

constexpr std::size_t shortest_secret = 32;  // bytes

/// Out of a file's text: without blanks and line ends behind it. The error is a sentence.
tl::expected<std::string, std::string> secret_of(std::string text);

}  // namespace ipvs::sync
