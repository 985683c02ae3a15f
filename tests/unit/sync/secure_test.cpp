#include "sync/io/secure.hpp"

#include <doctest/doctest.h>
#include <openssl/ssl.h>

#include <boost/asio/ssl/context.hpp>
#include <memory>

#include "certificate.hpp"

namespace secure_test {

using namespace ipvs::sync;
namespace ssl = boost::asio::ssl;

namespace {

struct Close {
  void operator()(SSL* connection) const { SSL_free(connection); }
};
using Connection = std::unique_ptr<SSL, Close>;

std::shared_ptr<ssl::context> context(const std::string& secret, Side side) {
  auto made = secure_context({.secrets = {secret}}, side);
  REQUIRE(made);
  return *made;
}

/// What the asking side makes of the one that answers, over a pair of buffers.
bool asker_is_sure(ssl::context& asks, ssl::context& answers) {
  const Connection one{SSL_new(asks.native_handle())}, other{SSL_new(answers.native_handle())};
  BIO* here = nullptr;
  BIO* there = nullptr;
  REQUIRE(BIO_new_bio_pair(&here, 0, &there, 0) == 1);
  SSL_set_bio(one.get(), here, here);
  SSL_set_bio(other.get(), there, there);
  SSL_set_connect_state(one.get());
  SSL_set_accept_state(other.get());
  bool shaken = false;
  for (int i = 0; i < 10 && !shaken; ++i) {
    shaken = SSL_do_handshake(one.get()) == 1;
    SSL_do_handshake(other.get());
  }
  return shaken && proven(*one);
}

}  // namespace

TEST_CASE("two with the same secret are sure of each other, without certificates") {
  CHECK(asker_is_sure(*context("the secret", Side::asks), *context("the secret", Side::answers)));
  CHECK_FALSE(asker_is_sure(*context("the secret", Side::asks), *context("another one", Side::answers)));
}

TEST_CASE(
    "RFC 8446 4.2.11: a server may pass over the secret and show a certificate of its own making; it is refused") {
  ssl::context stranger{ssl::context::tls_server};
  test::certify(stranger.native_handle());
  const auto asks = context("the secret", Side::asks);
  CHECK_FALSE(asker_is_sure(*asks, stranger));
  asks->set_verify_mode(ssl::verify_none);  // the second guard alone
  CHECK_FALSE(asker_is_sure(*asks, stranger));
}

}  // namespace secure_test
