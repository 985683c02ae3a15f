#include "probe/url_words.hpp"

#include <fmt/format.h>
#include <openssl/x509_vfy.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <ctime>
#include <string>

namespace keepalive::probe {
namespace {

struct CertificateRow {
  long code;
  std::string_view text;
};
constexpr auto certificate_words = std::to_array<CertificateRow>({
    {X509_V_ERR_CERT_HAS_EXPIRED, "certificate expired"},
    {X509_V_ERR_CERT_NOT_YET_VALID, "certificate is not valid yet"},
    {X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT, "certificate is self-signed"},
    {X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN, "certificate is of an unknown authority"},
    {X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY, "certificate is of an unknown authority"},
    {X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE, "certificate is of an unknown authority"},
    {X509_V_ERR_CERT_REVOKED, "certificate is revoked"},
    {X509_V_ERR_HOSTNAME_MISMATCH, "certificate is for another name"},
    {X509_V_ERR_IP_ADDRESS_MISMATCH, "certificate is for another address"},
});

struct CodeRow {
  CURLcode code;
  std::string_view text;
  bool ours = false;
};
constexpr auto code_words = std::to_array<CodeRow>({
    {CURLE_GOT_NOTHING, "connection closed without an answer"},
    {CURLE_PARTIAL_FILE, "answer ends too early"},
    {CURLE_LOGIN_DENIED, "login denied"},
    {CURLE_TOO_MANY_REDIRECTS, "more than 10 redirections"},
    {CURLE_USE_SSL_FAILED, "the server offers no STARTTLS"},
    {CURLE_UNSUPPORTED_PROTOCOL, "redirected to another protocol"},
    {CURLE_SSL_CACERT_BADFILE, "cannot probe: `ca' holds no certificate", true},
    {CURLE_SSL_CERTPROBLEM, "cannot probe: `certificate', `key' and `key_password' do not fit", true},
});

std::string certificate_fault(CURL* easy, std::string_view words) {
  if (words.find("subject name") != words.npos) return "certificate is for another name";
  long code = 0;
  curl_easy_getinfo(easy, CURLINFO_SSL_VERIFYRESULT, &code);
  const auto* const known = std::ranges::find(certificate_words, code, &CertificateRow::code);
  return known != certificate_words.end() ? std::string{known->text} : "certificate is bad: " + clean(words);
}

}  // namespace

Finding transfer_fault(CURL* easy, CURLcode code, std::string_view words) {
  if (code == CURLE_PEER_FAILED_VERIFICATION) return fault(certificate_fault(easy, words));
  const auto* const known = std::ranges::find(code_words, code, &CodeRow::code);
  if (known != code_words.end()) return (known->ours ? unable : fault)(std::string{known->text});
  long error = 0;
  curl_easy_getinfo(easy, CURLINFO_OS_ERRNO, &error);
  const bool of_socket = code == CURLE_COULDNT_CONNECT || code == CURLE_RECV_ERROR || code == CURLE_SEND_ERROR;
  if (of_socket && error != 0) return system_fault(static_cast<int>(error));
  if (code == CURLE_RECV_ERROR || code == CURLE_SEND_ERROR) return fault("connection closed by the server");
  const std::size_t detail = words.rfind("::");  // "error:0A00010B:SSL routines::wrong version number"
  if (detail != words.npos) words.remove_prefix(detail + 2);
  const std::string text = words.empty() ? curl_easy_strerror(code) : clean(words);
  return fault(code == CURLE_SSL_CONNECT_ERROR ? "TLS failed: " + text : text);
}

void tell_expiry(CURL* easy, std::uint32_t days, Finding& finding) {
  constexpr std::string_view label = "Expire date:";
  constexpr std::time_t day = 86'400;
  curl_certinfo* chain = nullptr;
  if (days == 0 || curl_easy_getinfo(easy, CURLINFO_CERTINFO, &chain) != CURLE_OK || chain == nullptr) return;
  if (chain->num_of_certs < 1) return;
  for (const curl_slist* line = chain->certinfo[0]; line != nullptr; line = line->next) {
    const std::string_view text = line->data;
    if (!text.starts_with(label)) continue;
    const std::time_t end = curl_getdate(line->data + label.size(), nullptr);
    const std::time_t left = end - std::time(nullptr);
    if (end < 0) return;
    finding.certificate = {static_cast<std::uint64_t>(end), left < static_cast<std::time_t>(days) * day};
    if (!finding.certificate.soon) return;
    finding.text += left < 0 ? fmt::format("; certificate ended {} days ago", -left / day)
                             : fmt::format("; certificate ends in {} days", left / day);
    return;
  }
}

}  // namespace keepalive::probe
