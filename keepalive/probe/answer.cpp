#include "probe/answer.hpp"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <algorithm>
#include <array>

namespace keepalive::probe {
namespace {

constexpr std::size_t md5_digits = 32;

std::string hexadecimal(evp_md_ctx_st* context) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> bytes{};
  unsigned size = 0;
  EVP_DigestFinal_ex(context, bytes.data(), &size);
  std::string text;
  for (unsigned i = 0; i < size; ++i) text += fmt::format("{:02x}", bytes[i]);
  return text;
}

}  // namespace

Found Expectation::take(const Plan& plan, std::string_view piece) {
  constexpr std::size_t small = 4096;
  text_ += piece;
  if (text_.size() > plan.check.body_limit) return too_long(plan.check);
  if (text_.size() < next_look_) return std::nullopt;
  next_look_ = text_.size() < small ? 0 : text_.size() + text_.size() / 8;
  const Match match = plan.expect->look(text_, effort_);
  if (match == Match::no) return std::nullopt;
  return judge_match(plan, text_, match);
}

Finding Expectation::end(const Plan& plan) {
  const Match match = plan.expect->look(text_, effort_);
  if (match == Match::no && text_.empty()) return fault("connection closed without an answer");
  return judge_match(plan, text_, match);
}

void Body::Free::operator()(evp_md_ctx_st* context) const { EVP_MD_CTX_free(context); }

Body::Body(const Plan& plan) {
  if (plan.check.digest.empty()) return;
  digest_.reset(EVP_MD_CTX_new());
  EVP_DigestInit_ex(digest_.get(), plan.check.digest.size() == md5_digits ? EVP_md5() : EVP_sha256(), nullptr);
}

namespace {

/// The part of a piece that patterns look at; `at`: the place of its first byte in the body.
std::string_view seen(const Check& check, std::uint64_t at, std::string_view piece) {
  const std::uint64_t skip = check.body_from > at ? check.body_from - at : 0;
  const std::uint64_t end = check.body_to == 0 ? piece.size() : check.body_to > at ? check.body_to - at : 0;
  piece = piece.substr(0, std::min<std::uint64_t>(end, piece.size()));
  return piece.substr(std::min<std::uint64_t>(skip, piece.size()));
}

}  // namespace

Found Body::take(const Plan& plan, std::string_view piece) {
  length_ += piece.size();
  if (length_ > plan.check.body_limit) return too_long(plan.check);
  if (digest_) EVP_DigestUpdate(digest_.get(), piece.data(), piece.size());
  if (plan.body || plan.body_not) text_ += seen(plan.check, length_ - piece.size(), piece);
  return std::nullopt;
}

Found Body::end(const Plan& plan) {
  if (plan.body) {
    const Match match = plan.body->look(text_, effort_);
    if (match == Match::too_costly) return too_costly(*plan.body);
    if (match == Match::no) return fault(fmt::format("body does not match `{}'", clean(plan.body->text())));
  }
  if (plan.body_not) {
    const Match match = plan.body_not->look(text_, effort_);
    if (match == Match::too_costly) return too_costly(*plan.body_not);
    if (match == Match::yes) return fault(fmt::format("body matches `{}'", clean(plan.body_not->text())));
  }
  if (!digest_) return std::nullopt;
  const std::string digest = hexadecimal(digest_.get());
  if (digest == plan.check.digest) return std::nullopt;
  return fault(fmt::format("digest of the body is {}", digest));
}

Finding judge_match(const Plan& plan, std::string_view answer, Match match) {
  if (match == Match::yes) return success(Fact::answered);
  return match == Match::too_costly ? too_costly(*plan.expect) : mismatch(plan, answer);
}

Finding too_costly(const Pattern& pattern) {
  return fault(fmt::format("matching the answer with `{}' takes too long", clean(pattern.text())));
}

Finding mismatch(const Plan& plan, std::string_view answer) {
  return fault(fmt::format("answer `{}' does not match `{}'", clean(answer, 60), clean(plan.expect->text())));
}

Finding too_long(const Check& check) { return fault(fmt::format("answer longer than {} bytes", check.body_limit)); }

Found judge_status(const Check& check, int status) {
  std::string wanted;
  for (const StatusRange& range : check.status) {
    if (status >= range.first && status <= range.last) return std::nullopt;
    if (!wanted.empty()) wanted += ", ";
    wanted +=
        range.first == range.last ? fmt::format("{}", range.first) : fmt::format("{}-{}", range.first, range.last);
  }
  return fault(fmt::format("HTTP status {}, wanted {}", status, wanted));
}

}  // namespace keepalive::probe
