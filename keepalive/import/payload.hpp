// Bytes in hexadecimal as UDP_CHECK takes them: "Ab12f 3" is AB 12 0F 03, and X stands for any digit.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace keepalive::import {

/// A byte by its halves; 16: any.
struct PayloadByte {
  unsigned high = 0;
  unsigned low = 0;
};

/// Nothing: other letters stand there.
std::optional<std::vector<PayloadByte>> read_payload(std::string_view text);
/// As bytes to send; what may be any is 0.
std::string plain_bytes(const std::vector<PayloadByte>& bytes);
/// A regular expression that what begins so matches.
std::string payload_regex(const std::vector<PayloadByte>& bytes);

}  // namespace keepalive::import
