// What the kernel refuses, in ipvsadm's words.
#pragma once

#include <string>

#include "ipvs++/error.hpp"

namespace ipvsadm {

/// One line without its newline: "Service already exists".
std::string message(const ipvs::Error& error);

/// The two lines that tell why IPVS cannot be used at all.
std::string cannot_initialize(const ipvs::Error& error);

}  // namespace ipvsadm
