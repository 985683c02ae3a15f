// A letter as RFC 5322 has it. Nothing of a name or a text gets to be a header of its own.
#pragma once

#include <string>
#include <string_view>

#include "core/alerts.hpp"
#include "sender/letter.hpp"

namespace keepalive::sender {

/// `date`: since 1970. `serial`: tells mails of one moment apart.
std::string mail_text(const Letter& letter, const core::SenderSettings& settings, core::Time date,
                      std::uint64_t serial);

/// "a@b.c" of "Somebody <a@b.c>".
std::string bare_address(std::string_view address);

}  // namespace keepalive::sender
