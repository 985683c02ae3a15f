#include "probe/http_parser.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "probe/words.hpp"

namespace keepalive::probe {
namespace {

using Step = HttpParser::Step;
using Kind = HttpParser::Kind;

constexpr Step no_http{Kind::fault, "answer is not HTTP"};
constexpr Step bad_length{Kind::fault, "bad Content-Length"};
constexpr Step bad_chunk{Kind::fault, "bad chunk"};
constexpr Step head_too_long{Kind::fault, "headers longer than 16384 bytes"};
constexpr Step too_short{Kind::fault, "answer ends too early"};

bool ends_with_word(std::string_view list, std::string_view word) {
  const std::size_t comma = list.rfind(',');
  return same_word(base::trimmed(comma == list.npos ? list : list.substr(comma + 1)), word);
}

}  // namespace

HttpParser::Step HttpParser::next(std::string_view& bytes) {
  while (true) {
    if (state_ == State::done) return {Kind::done};
    if (bytes.empty()) return {};
    if (state_ == State::counted || state_ == State::chunk || state_ == State::rest) return take_body(bytes);
    const std::size_t newline = bytes.find('\n');
    const std::size_t taken = newline == bytes.npos ? bytes.size() : newline + 1;
    if (state_ != State::chunk_size && state_ != State::chunk_end) head_ += taken;
    if (head_ > longest_head || line_.size() + taken > longest_head) return head_too_long;
    std::string_view line = bytes.substr(0, newline == bytes.npos ? taken : newline);
    bytes.remove_prefix(taken);
    if (newline == std::string_view::npos || !line_.empty()) line = line_.append(line);
    if (newline == std::string_view::npos) return {};
    if (line.ends_with('\r')) line.remove_suffix(1);
    const Step step = take_line(line);
    line_.clear();
    if (step.kind != Kind::more) return step;
  }
}

HttpParser::Step HttpParser::end() {
  if (state_ == State::rest) state_ = State::done;
  return state_ == State::done ? Step{Kind::done} : too_short;
}

HttpParser::Step HttpParser::take_line(std::string_view line) {
  switch (state_) {
    case State::status:
      return take_status(line);
    case State::header:
      return line.empty() ? end_head() : take_header(line);
    case State::chunk_size:
      return take_chunk_size(line);
    case State::chunk_end:
      if (!line.empty()) return bad_chunk;
      state_ = State::chunk_size;
      return {};
    default:  // trailer
      if (line.empty()) state_ = State::done;
      return {};
  }
}

/// "HTTP/1.1 200 OK"
HttpParser::Step HttpParser::take_status(std::string_view line) {
  constexpr std::size_t version = 9;
  if (!line.starts_with("HTTP/1.") || line.size() < version + 3 || line[version - 1] != ' ') return no_http;
  const auto number = base::read_number<std::uint64_t>(line.substr(version, 3));
  if (!number || *number < 100) return no_http;
  if (line.size() > version + 3 && line[version + 3] != ' ') return no_http;
  status_ = static_cast<int>(*number);
  state_ = State::header;
  return {};
}

HttpParser::Step HttpParser::take_header(std::string_view line) {
  const std::size_t colon = line.find(':');
  if (colon == line.npos) return line.front() == ' ' || line.front() == '\t' ? Step{} : no_http;
  const std::string_view name = line.substr(0, colon);
  const std::string_view value = base::trimmed(line.substr(colon + 1));
  if (same_word(name, "Transfer-Encoding")) chunked_ = ends_with_word(value, "chunked");
  if (!same_word(name, "Content-Length")) return {};
  const auto length = base::read_number<std::uint64_t>(value);
  if (!length || (counted_ && *length != left_)) return bad_length;
  counted_ = true;
  left_ = *length;
  return {};
}

/// Where the body ends: RFC 9112 section 6.3.
HttpParser::Step HttpParser::end_head() {
  if (status_ < 200 && status_ != 101) {
    state_ = State::status;
    chunked_ = counted_ = false;
    return {};
  }
  const bool none = method_ == Method::head || status_ == 101 || status_ == 204 || status_ == 304;
  if (none || (!chunked_ && counted_ && left_ == 0))
    state_ = State::done;
  else
    state_ = chunked_ ? State::chunk_size : counted_ ? State::counted : State::rest;
  return {Kind::head};
}

HttpParser::Step HttpParser::take_chunk_size(std::string_view line) {
  const auto size = base::read_number<std::uint64_t>(base::trimmed(line.substr(0, line.find(';'))), 16);
  if (!size) return bad_chunk;
  left_ = *size;
  state_ = left_ == 0 ? State::trailer : State::chunk;
  return {};
}

HttpParser::Step HttpParser::take_body(std::string_view& bytes) {
  const std::size_t size = state_ == State::rest ? bytes.size() : std::min<std::uint64_t>(bytes.size(), left_);
  const Step step{Kind::body, bytes.substr(0, size)};
  bytes.remove_prefix(size);
  if (state_ == State::rest) return step;
  left_ -= size;
  if (left_ == 0) state_ = state_ == State::chunk ? State::chunk_end : State::done;
  return step;
}

}  // namespace keepalive::probe
