// What survives a restart of the daemon, as lines of a file; a later line of the same object counts:
//
//   table 0b7a…/4026531840                           (which kernel's; `owned` lines of another one are nobody's)
//   owned TCP 10.0.0.100:80
//   daemons sync owned                               (the kernel's sync daemons are ours, too)
//   state web/b down
//   weight web/b 17                                  (that a check gave)
//   overlay web/b drain 0 1732450000000000 gone      (weight; deadline in µs since 1970, 0: none)
//   overlay web/b none
//   quiescent web/b yes                              (waits for `undrain`; of pools with readmit = quiescent)
#pragma once

#include <string>
#include <string_view>

#include "core/engine.hpp"

namespace keepalive::core::saved {

/// Everything. `boot`: added to a Time, µs since 1970. `table`: a word that tells this kernel's table from that of
/// another boot or network namespace.
std::string everything(const Engine& engine, Time boot, std::string_view table);
/// The lines of one server.
std::string server(const Engine& engine, ServerRef server, Time boot);
/// Lines that mean nothing are skipped: an old file must not keep the daemon from starting.
Restored read(std::string_view text, Time boot, std::string_view table);

}  // namespace keepalive::core::saved
