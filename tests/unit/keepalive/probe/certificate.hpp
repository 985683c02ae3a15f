// Certificates of any name and age, and nginx that shows them.
#pragma once

#include <cstdint>
#include <string>

#include "probe/fd.hpp"

namespace probe_test {

/// A self-signed certificate and its key, as PEM.
struct Certificate {
  std::string text = "";
  std::string key = "";
};
Certificate make_certificate(const std::string& name, long first_day, long last_day);

/// The same key under a password.
std::string locked_key(const std::string& key, const std::string& password);

/// A folder that goes away with all that is in it.
class Folder {
 public:
  Folder();
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder();
  std::string write(const std::string& name, const std::string& text) const;
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

/// nginx with one server on an ephemeral port of 127.0.0.1.
class Nginx {
 public:
  /// `options`: of `listen`; `body`: of the server block.
  Nginx(const std::string& options, const std::string& body);
  Nginx(const Nginx&) = delete;
  Nginx& operator=(const Nginx&) = delete;
  ~Nginx();
  std::uint16_t port() const { return port_; }

 private:
  Folder folder_;
  std::uint16_t port_ = 0;
  keepalive::probe::Fd listener_;
  int process_ = 0;
};

}  // namespace probe_test
