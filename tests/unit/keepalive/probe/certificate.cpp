#include "certificate.hpp"

#include <fcntl.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <memory>
#include <stdexcept>

#include "server.hpp"

namespace probe_test {
namespace {

template <class Write>
std::string pem(Write write) {
  const std::unique_ptr<BIO, decltype(&BIO_free)> out{BIO_new(BIO_s_mem()), &BIO_free};
  write(out.get());
  char* text = nullptr;
  const long size = BIO_get_mem_data(out.get(), &text);
  return {text, static_cast<std::size_t>(size)};
}

}  // namespace

Certificate make_certificate(const std::string& name, long first_day, long last_day) {
  constexpr long day = 86'400;
  const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key{EVP_EC_gen("P-256"), &EVP_PKEY_free};
  const std::unique_ptr<X509, decltype(&X509_free)> certificate{X509_new(), &X509_free};
  X509* const it = certificate.get();
  X509_set_version(it, X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(it), 1);
  X509_gmtime_adj(X509_getm_notBefore(it), first_day * day);
  X509_gmtime_adj(X509_getm_notAfter(it), last_day * day + 3600);  // and an hour
  X509_set_pubkey(it, key.get());
  X509_NAME_add_entry_by_txt(X509_get_subject_name(it), "CN", MBSTRING_ASC,
                             reinterpret_cast<const unsigned char*>(name.c_str()), -1, -1, 0);
  X509_set_issuer_name(it, X509_get_subject_name(it));
  X509_EXTENSION* const names = X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, ("DNS:" + name).c_str());
  X509_add_ext(it, names, -1);
  X509_EXTENSION_free(names);
  X509_sign(it, key.get(), EVP_sha256());
  return {
      .text = pem([&](BIO* out) { PEM_write_bio_X509(out, it); }),
      .key = pem([&](BIO* out) { PEM_write_bio_PrivateKey(out, key.get(), nullptr, nullptr, 0, nullptr, nullptr); })};
}

std::string locked_key(const std::string& key, const std::string& password) {
  const std::unique_ptr<BIO, decltype(&BIO_free)> in{BIO_new_mem_buf(key.data(), static_cast<int>(key.size())),
                                                     &BIO_free};
  const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> read{
      PEM_read_bio_PrivateKey(in.get(), nullptr, nullptr, nullptr), &EVP_PKEY_free};
  return pem([&](BIO* out) {
    PEM_write_bio_PrivateKey(out, read.get(), EVP_aes_128_cbc(),
                             reinterpret_cast<const unsigned char*>(password.data()), static_cast<int>(password.size()),
                             nullptr, nullptr);
  });
}

Folder::Folder() : path_{std::filesystem::temp_directory_path() / "probe_test.XXXXXX"} {
  if (mkdtemp(path_.data()) == nullptr) throw std::runtime_error{"mkdtemp"};
  std::filesystem::permissions(path_, std::filesystem::perms{0755});  // nginx' workers are somebody else
}
Folder::~Folder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}
std::string Folder::write(const std::string& name, const std::string& text) const {
  std::ofstream{path_ + "/" + name} << text;
  return path_ + "/" + name;
}

Nginx::Nginx(const std::string& options, const std::string& body) : listener_{bound(SOCK_STREAM, port_)} {
  const int one = 1;
  setsockopt(listener_.get(), SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
  listen(listener_.get(), SOMAXCONN);
  const std::string& path = folder_.path();
  std::string temporary;
  for (const std::string name : {"client_body", "proxy", "fastcgi", "uwsgi", "scgi"})
    temporary += name + "_temp_path " + path + "/" + name + ";\n";
  const std::string text = "daemon off; worker_processes 1; error_log " + path + "/error.log; pid " + path +
                           "/pid;\nevents {}\nhttp {\naccess_log off;\n" + temporary +
                           "server {\nlisten 127.0.0.1:" + std::to_string(port_) + " " + options + ";\n" + body +
                           "\n}\n}\n";
  const std::string file = folder_.write("nginx.conf", text);
  // The socket is handed on as nginx does to its own successor: no port can be lost on the way.
  const std::string inherited = "NGINX=" + std::to_string(listener_.get()) + ";";
  process_ = fork();
  if (process_ != 0) return;
  fcntl(listener_.get(), F_SETFD, 0);
  prctl(PR_SET_PDEATHSIG, SIGTERM);
  std::array<char*, 2> environment{const_cast<char*>(inherited.c_str()), nullptr};
  execle("/usr/sbin/nginx", "nginx", "-e", "/dev/null", "-c", file.c_str(), nullptr, environment.data());
  _exit(127);
}

Nginx::~Nginx() {
  kill(process_, SIGTERM);
  waitpid(process_, nullptr, 0);
}

}  // namespace probe_test
