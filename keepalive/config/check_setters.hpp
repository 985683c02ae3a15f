// Setters and printers of [check] that no pattern of setters.hpp fits.
#pragma once

#include "config/schema.hpp"

namespace keepalive::config {

Fault set_mark(Sink& sink, const Key& key, std::string_view value);
std::vector<std::string> print_mark(const Check& check);
Fault set_method(Sink& sink, const Key&, std::string_view value);
Fault set_interface(Sink& sink, const Key&, std::string_view value);
Fault set_url(Sink& sink, const Key&, std::string_view value);
std::vector<std::string> print_urls(const Check& check);
Fault set_status(Sink& sink, const Key&, std::string_view value);
std::vector<std::string> print_statuses(const Check& check);
Fault set_expect(Sink& sink, const Key& key, std::string_view value);
Fault set_body(Sink& sink, const Key& key, std::string_view value);
Fault set_body_not(Sink& sink, const Key& key, std::string_view value);
Fault set_digest(Sink& sink, const Key&, std::string_view value);
std::vector<std::string> print_digest(const Check& check);
Fault set_user(Sink& sink, const Key&, std::string_view value);

}  // namespace keepalive::config
