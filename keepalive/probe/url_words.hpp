// libcurl's faults in words that a person understands.
#pragma once

#include <curl/curl.h>

#include <string_view>

#include "probe/evidence.hpp"

namespace keepalive::probe {

/// `words`: of CURLOPT_ERRORBUFFER.
Finding transfer_fault(CURL* easy, CURLcode code, std::string_view words);
/// "; certificate ends in 5 days" if the server's ends within `days`, else nothing. Needs CURLOPT_CERTINFO.
std::string expiry_warning(CURL* easy, std::uint32_t days);

}  // namespace keepalive::probe
