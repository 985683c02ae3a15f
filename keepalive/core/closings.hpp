// Which entry of the journal ends what another one tells of: SERVER_DOWN is over with SERVER_UP of the same server. Pure.
#pragma once

#include <span>
#include <string_view>

namespace keepalive::core {

struct Closing {
  std::string_view opens;
  std::string_view closes;
  bool standing = false;  // core::Standing tells of it
};
std::span<const Closing> closings();
/// Null: what it tells of is over at once.
const Closing* closing_of(std::string_view opens);

}  // namespace keepalive::core
