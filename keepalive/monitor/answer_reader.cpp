#include "monitor/answer_reader.hpp"

#include <boost/beast/core/error.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <string_view>
#include <utility>

namespace keepalive::monitor {

namespace http = boost::beast::http;

constexpr std::size_t least_last_chunk = 5;  // "0\r\n\r\n"

struct AnswerReader::Parser : http::response_parser<http::string_body> {};

AnswerReader::AnswerReader() : parser_{std::make_unique<Parser>()} {
  parser_->body_limit(boost::none);
  parser_->header_limit(16384);
  parser_->eager(false);
}
AnswerReader::~AnswerReader() = default;

AnswerReader::Step AnswerReader::take(std::string& bytes) {
  boost::system::error_code error;
  // Boost 1.81 asserts that a chunk's head which is not whole has this many bytes when it is looked at again.
  const auto too_few = [&] { return starves_ && parser_->chunked() && bytes.size() < least_last_chunk; };
  while (!bytes.empty() && !parser_->is_done() && !too_few()) {
    const std::size_t used = parser_->put(boost::asio::buffer(bytes), error);
    bytes.erase(0, used);
    starves_ = error == http::error::need_more && parser_->is_header_done();
    if (error == http::error::need_more) break;
    if (error) return Step::fault;
    if (parser_->is_header_done() && !std::exchange(told_, true)) {
      parser_->eager(true);
      return Step::head;
    }
  }
  return parser_->is_done() ? Step::whole : Step::more;
}

AnswerReader::Step AnswerReader::finish() {
  boost::system::error_code error;
  if (!parser_->got_some()) return Step::fault;
  parser_->put_eof(error);
  return error || !parser_->is_done() ? Step::fault : Step::whole;
}

unsigned AnswerReader::status() const { return parser_->get().result_int(); }
std::string AnswerReader::type() const {
  return std::string{std::string_view{parser_->get()[http::field::content_type]}};
}
bool AnswerReader::endless() const { return !parser_->content_length().has_value(); }
std::string AnswerReader::body() { return std::exchange(parser_->get().body(), {}); }
bool AnswerReader::keeps() const { return parser_->is_done() && parser_->keep_alive(); }

}  // namespace keepalive::monitor
