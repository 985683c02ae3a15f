#include "probe/easy.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/escapes.hpp"
#include "probe/http.hpp"

namespace keepalive::probe {
namespace {

constexpr long most_redirections = 10;
constexpr long buffer_size = 16384;

struct Scheme {
  CheckType type;
  std::string_view plain;
  std::string_view tls;
};
constexpr auto schemes = std::to_array<Scheme>({{CheckType::tcp, "http", "https"},
                                                {CheckType::http, "http", "https"},
                                                {CheckType::https, "http", "https"},
                                                {CheckType::smtp, "smtp", "smtps"},
                                                {CheckType::imap, "imap", "imaps"},
                                                {CheckType::pop3, "pop3", "pop3s"},
                                                {CheckType::ftp, "ftp", "ftps"},
                                                {CheckType::ldap, "ldap", "ldaps"},
                                                {CheckType::rtsp, "rtsp", "rtsp"}});

std::string_view scheme(const Check& check) {
  const auto* const row = std::ranges::find(schemes, check.type, &Scheme::type);
  return check.security == Security::tls ? row->tls : row->plain;
}

std::string literal(const ipvs::Address& address) {
  return address.family() == ipvs::Family::ipv4 ? to_string(address) : "[" + to_string(address) + "]";
}

bool is_host_name(std::string_view text) {
  constexpr std::string_view letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._";
  return !text.empty() && text.find_first_not_of(letters) == text.npos;
}

/// The name that TLS asks for and looks for: sni, host, the address.
std::string tls_name(const Task& task) {
  const Check& check = task.check();
  const std::string& host = check.host.empty() ? task.host : check.host;
  for (const std::string& name : {check.sni, host.substr(0, host.rfind(':'))})
    if (is_host_name(name)) return name;
  return literal(task.endpoint.address);
}

/// Of LDAP URLs (RFC 4516).
std::string escaped(std::string_view text) { return base::escaped(text, "-._~=,*()"); }

bool has_path(const Check& check) { return !check.urls.empty() && check.urls != std::vector<std::string>{"/"}; }

void set_up_tls(Easy& easy, const Check& check) {
  easy.set(CURLOPT_SSL_VERIFYPEER, check.verify ? 1L : 0L);
  easy.set(CURLOPT_SSL_VERIFYHOST, check.verify ? 2L : 0L);
  easy.set(CURLOPT_SSL_SESSIONID_CACHE, 0L);                    // a resumed session shows no certificate
  easy.set(CURLOPT_CAPATH, static_cast<const char*>(nullptr));  // else it is trusted beside `ca`, and nothing is cached
  if (!check.ca.empty()) easy.set_blob(CURLOPT_CAINFO_BLOB, check.ca);
  if (!check.certificate.empty()) {
    easy.set_blob(CURLOPT_SSLCERT_BLOB, check.certificate);
    easy.set_blob(CURLOPT_SSLKEY_BLOB, check.key.empty() ? check.certificate : check.key);
    easy.set(CURLOPT_KEYPASSWD, check.key_password);  // of a key that wants one libcurl reads it, be it there or not
  }
  if (check.expiry_days != 0) easy.set(CURLOPT_CERTINFO, 1L);
  if (check.security == Security::starttls) easy.set(CURLOPT_USE_SSL, static_cast<long>(CURLUSESSL_ALL));
}

void set_up_http(Easy& easy, const Task& task) {
  const Check& check = task.check();
  long version = CURL_HTTP_VERSION_1_1;
  if (check.http_version == "1.0") version = CURL_HTTP_VERSION_1_0;
  if (check.http_version == "2")
    version = check.type == CheckType::https ? CURL_HTTP_VERSION_2TLS : CURL_HTTP_VERSION_2_PRIOR_KNOWLEDGE;
  easy.set(CURLOPT_HTTP_VERSION, version);
  easy.set(CURLOPT_USERAGENT, "keepalive");
  if (check.method == "HEAD")
    easy.set(CURLOPT_NOBODY, 1L);
  else if (check.method != "GET")
    easy.set(CURLOPT_CUSTOMREQUEST, check.method);
  easy.set_header("Host: " + host_header(task));
  easy.set(CURLOPT_HTTPAUTH, static_cast<long>(CURLAUTH_BASIC));
  easy.set(CURLOPT_FOLLOWLOCATION, check.follow ? 1L : 0L);
  easy.set(CURLOPT_MAXREDIRS, most_redirections);
  easy.set(CURLOPT_REDIR_PROTOCOLS_STR, "http,https");
}

}  // namespace

void Easy::set_blob(CURLoption option, const std::string& text) {
  // libcurl does not write to it.
  const curl_blob blob{const_cast<char*>(text.data()), text.size(), CURL_BLOB_COPY};
  curl_easy_setopt(handle_.get(), option, &blob);
}

void Easy::set_header(const std::string& line) {
  headers_.reset(curl_slist_append(headers_.release(), line.c_str()));
  set(CURLOPT_HTTPHEADER, headers_.get());
}

void set_up(Easy& easy, const Task& task) {
  const Check& check = task.check();
  easy.set(CURLOPT_NOSIGNAL, 1L);
  easy.set(CURLOPT_PROXY, "");  // whatever the environment says
  easy.set(CURLOPT_BUFFERSIZE, buffer_size);
  easy.set(CURLOPT_TIMEOUT_MS, static_cast<long>(check.timeout.count()) + 1000);  // ours comes first
  easy.set(CURLOPT_FRESH_CONNECT, 1L);
  // A redirection, too, is for this server: it is the one that is checked.
  const std::string connect_to = fmt::format("::{}:", literal(task.endpoint.address));
  easy.connect_to_.reset(curl_slist_append(nullptr, connect_to.c_str()));
  easy.set(CURLOPT_CONNECT_TO, easy.connect_to_.get());
  if (connects_only(check)) easy.set(CURLOPT_CONNECT_ONLY, 1L);
  if (!check.login.empty()) {
    easy.set(CURLOPT_USERNAME, check.login);
    easy.set(CURLOPT_PASSWORD, check.password);
  }
  set_up_tls(easy, check);
  if (speaks_http(check)) set_up_http(easy, task);
  if (check.type == CheckType::tcp) easy.set(CURLOPT_SSL_ENABLE_ALPN, 0L);
  if (check.type == CheckType::rtsp) easy.set(CURLOPT_RTSP_REQUEST, static_cast<long>(CURL_RTSPREQ_OPTIONS));
  if (speaks_http(check) || check.type == CheckType::rtsp) easy.set(CURLOPT_FORBID_REUSE, 1L);
}

std::string make_url(const Task& task, std::size_t index) {
  const Check& check = task.check();
  std::string url = fmt::format("{}://{}:{}", scheme(check), tls_name(task), task.endpoint.port.value);
  if (check.type == CheckType::smtp && !check.helo.empty()) return url + "/" + escaped(check.helo);
  if (check.type == CheckType::ldap && !has_path(check)) {
    url += fmt::format("/{}?1.1?base", escaped(check.base));  // one entry, none of its attributes
    return check.filter.empty() ? url : url + "?" + escaped(check.filter);
  }
  return url.append(url_path(check, index));
}

bool connects_only(const Check& check) {
  switch (check.type) {
    case CheckType::tcp:
    case CheckType::smtp:
      return true;
    case CheckType::imap:
    case CheckType::pop3:
    case CheckType::ftp:
      return !has_path(check);
    default:
      return false;
  }
}

bool speaks_http(const Check& check) { return check.type == CheckType::http || check.type == CheckType::https; }

}  // namespace keepalive::probe
