// What a function prints to an Output, as a string.
#pragma once

#include <sys/mman.h>
#include <unistd.h>

#include <string>

#include "output.hpp"

namespace ipvsadm {

template <class Print>
std::string captured(Print print) {
  const int file = ::memfd_create("captured", MFD_CLOEXEC);
  {
    Output out{file};
    print(out);
  }
  std::string text(static_cast<std::size_t>(::lseek(file, 0, SEEK_END)), '\0');
  const ssize_t count = ::pread(file, text.data(), text.size(), 0);
  ::close(file);
  return count == static_cast<ssize_t>(text.size()) ? text : "could not be read";
}

}  // namespace ipvsadm
