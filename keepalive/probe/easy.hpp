// An easy handle of libcurl, set up for a check of one server.
#pragma once

#include <curl/curl.h>

#include <memory>
#include <string>
#include <string_view>

#include "probe/probe.hpp"

namespace keepalive::probe {

class Easy {
 public:
  Easy() : handle_{curl_easy_init()} {}

  CURL* get() const { return handle_.get(); }
  template <class T>
  void set(CURLoption option, T value) {
    curl_easy_setopt(handle_.get(), option, value);
  }
  void set(CURLoption option, const std::string& value) { curl_easy_setopt(handle_.get(), option, value.c_str()); }
  /// PEM text, copied.
  void set_blob(CURLoption option, const std::string& text);
  void set_header(const std::string& line);

 private:
  struct Free {
    void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
    void operator()(curl_slist* list) const { curl_slist_free_all(list); }
  };
  // Lists outlive the handle that points to them.
  std::unique_ptr<curl_slist, Free> headers_ = nullptr;
  std::unique_ptr<curl_slist, Free> connect_to_ = nullptr;
  std::unique_ptr<CURL, Free> handle_;

  friend void set_up(Easy& easy, const Task& task);
};

/// All of the check but its url, and what is done with bytes.
void set_up(Easy& easy, const Task& task);
/// The url to get, or nothing: the protocol ends with connecting, and logging in.
std::string make_url(const Task& task, std::size_t index);
/// Whether the check is over when the connection stands: greeted, TLS spoken, logged in.
bool connects_only(const Check& check);
bool speaks_http(const Check& check);

}  // namespace keepalive::probe
