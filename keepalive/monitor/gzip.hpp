// Text made small by zlib: whole, or piece by piece for a stream that many share. Pure.
#pragma once

#include <string>
#include <string_view>

namespace keepalive::monitor {

constexpr int quick_effort = 4;  // while browsers wait

/// `effort`: 1 to 9. What a browser may be sent with "Content-Encoding: gzip".
std::string gzip(std::string_view text, int effort);

/// A stream: its beginning, and then any pieces in any order. A piece refers to no other one, so that all who hear it
/// get the same bytes, whenever they came.
std::string_view gzip_begin();
std::string gzip_piece(std::string_view text);

}  // namespace keepalive::monitor
