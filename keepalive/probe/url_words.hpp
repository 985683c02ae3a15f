// libcurl's faults in words that a person understands.
#pragma once

#include <curl/curl.h>

#include <string_view>

#include "probe/evidence.hpp"

namespace keepalive::probe {

/// `words`: of CURLOPT_ERRORBUFFER.
Finding transfer_fault(CURL* easy, CURLcode code, std::string_view words);
/// When the server's certificate ends; "; certificate ends in 5 days" if that is within `days`. Needs CURLOPT_CERTINFO.
void tell_expiry(CURL* easy, std::uint32_t days, Finding& finding);

}  // namespace keepalive::probe
