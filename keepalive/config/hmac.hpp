// The keys of [vrrp NAME] that say how its advertisements are signed.
#pragma once

#include "config/schema.hpp"

namespace keepalive::config {

/// hmac_key: "1 file:/etc/keepalive/vrrp.key, 2 file:/etc/keepalive/vrrp.next".
Fault add_hmac_keys(Sink& sink, const Key& key, std::string_view value);
/// hmac_window: a time, or 0.
Fault set_hmac_window(Sink& sink, const Key& key, std::string_view value);

}  // namespace keepalive::config
