#include "sender/carrier.hpp"

#include <curl/curl.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/asio/post.hpp>
#include <cstring>
#include <string_view>

#include "sender/mail.hpp"

namespace keepalive::sender {
namespace {

constexpr long connect_patience = 10;  // seconds
constexpr long patience = 30;

using List = std::unique_ptr<curl_slist, decltype([](curl_slist* list) { curl_slist_free_all(list); })>;

void append(List& list, const std::string& line) { list.reset(curl_slist_append(list.release(), line.c_str())); }

std::size_t discard(const char*, std::size_t size, std::size_t count, void*) { return size * count; }

/// The next bytes of a mail.
std::size_t hand_over(char* buffer, std::size_t size, std::size_t count, void* rest) {
  auto& text = *static_cast<std::string_view*>(rest);
  const std::size_t portion = std::min(size * count, text.size());
  std::memcpy(buffer, text.data(), portion);
  text.remove_prefix(portion);
  return portion;
}

int is_stopped(void* stop, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  return static_cast<std::stop_token*>(stop)->stop_requested() ? 1 : 0;
}

/// The webhook will not like it better later.
bool is_refusal(long status) {
  return status >= 400 && status < 500 && status != 408 && status != 425 && status != 429;
}

}  // namespace

struct Carrier::Handle {
  struct Free {
    void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
  };
  struct Outcome {
    Attempt attempt = Attempt::sent;
    std::string error = "";
  };

  template <class T>
  void set(CURLoption option, T value) {
    curl_easy_setopt(curl.get(), option, value);
  }
  void set(CURLoption option, const std::string& value) { curl_easy_setopt(curl.get(), option, value.c_str()); }

  Outcome carry(const Parcel& parcel, std::stop_token stop) {
    std::array<char, CURL_ERROR_SIZE> words{};
    curl_easy_reset(curl.get());  // connections stay
    set(CURLOPT_URL, parcel.url);
    set(CURLOPT_PROTOCOLS_STR, "smtp,smtps,http,https");
    set(CURLOPT_PROXY, "");  // whatever the environment says
    set(CURLOPT_NOSIGNAL, 1L);
    set(CURLOPT_CONNECTTIMEOUT, connect_patience);
    set(CURLOPT_TIMEOUT, patience);
    set(CURLOPT_ERRORBUFFER, words.data());
    set(CURLOPT_WRITEFUNCTION, &discard);
    set(CURLOPT_NOPROGRESS, 0L);
    set(CURLOPT_XFERINFOFUNCTION, &is_stopped);
    set(CURLOPT_XFERINFODATA, &stop);
    const bool mail = parcel.url.starts_with("smtp");
    const CURLcode code = mail ? post_mail(parcel) : post_json(parcel);
    long status = 0;
    curl_easy_getinfo(curl.get(), CURLINFO_RESPONSE_CODE, &status);
    if (code != CURLE_OK) {
      std::string error = words[0] != '\0' ? words.data() : curl_easy_strerror(code);
      if (mail && status >= 400) error += fmt::format(" (the server said {})", status);
      return {Attempt::failed, std::move(error)};
    }
    if (mail || (status >= 200 && status < 300)) return {};
    return {is_refusal(status) ? Attempt::refused : Attempt::failed, fmt::format("status {}", status)};
  }

  CURLcode post_mail(const Parcel& parcel) {
    List to;
    for (const std::string& one : parcel.to) append(to, bare_address(one));
    std::string_view rest = parcel.text;
    set(CURLOPT_MAIL_FROM, bare_address(parcel.from));
    set(CURLOPT_MAIL_RCPT, to.get());
    set(CURLOPT_MAIL_RCPT_ALLLOWFAILS, 1L);  // some may get it
    set(CURLOPT_UPLOAD, 1L);
    set(CURLOPT_READFUNCTION, &hand_over);
    set(CURLOPT_READDATA, &rest);
    set(CURLOPT_FORBID_REUSE, 1L);
    // A password is never said in the clear.
    set(CURLOPT_USE_SSL, static_cast<long>(parcel.login.empty() ? CURLUSESSL_TRY : CURLUSESSL_ALL));
    if (!parcel.login.empty()) {
      set(CURLOPT_USERNAME, parcel.login);
      set(CURLOPT_PASSWORD, parcel.password);
    }
    return curl_easy_perform(curl.get());
  }

  CURLcode post_json(const Parcel& parcel) {
    List headers;
    append(headers, "Content-Type: application/json");
    append(headers, "Expect:");
    set(CURLOPT_HTTPHEADER, headers.get());
    set(CURLOPT_USERAGENT, "keepalive");
    set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(parcel.text.size()));
    set(CURLOPT_POSTFIELDS, parcel.text);
    return curl_easy_perform(curl.get());
  }

  std::unique_ptr<CURL, Free> curl{curl_easy_init()};
};

Carrier::Carrier(boost::asio::io_context& io) : io_{io}, handle_{std::make_unique<Handle>()} {}

Carrier::~Carrier() = default;

void Carrier::carry(Parcel parcel, Done done) {
  thread_ = std::jthread{[this, parcel = std::move(parcel), done = std::move(done)](const std::stop_token& stop) {
    boost::asio::post(io_, [done, outcome = handle_->carry(parcel, stop)] { done(outcome.attempt, outcome.error); });
  }};
}

}  // namespace keepalive::sender
