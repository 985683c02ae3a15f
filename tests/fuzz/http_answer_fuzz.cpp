// An HTTP answer in pieces, as the first byte says: any bytes must be read to the end, and the same whole or in pieces.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "probe/http_parser.hpp"

namespace {

using keepalive::probe::HttpParser;
using Kind = HttpParser::Kind;

/// Status, body and end, as text.
std::string read(std::string_view text, std::size_t piece) {
  HttpParser parser{HttpParser::Method::other};
  std::string body;
  std::string end;
  const auto take = [&](const HttpParser::Step& step) {
    if (step.kind == Kind::body) body += step.text;
    if (step.kind == Kind::fault) end = step.text;
    if (step.kind == Kind::done) end = "done";
    return step.kind == Kind::body || step.kind == Kind::head;
  };
  while (!text.empty() && end.empty()) {
    std::string_view bytes = text.substr(0, piece);
    text.remove_prefix(bytes.size());
    const std::size_t before = bytes.size();
    while (take(parser.next(bytes))) continue;
    if (bytes.size() > before) std::abort();
  }
  if (end.empty()) take(parser.end());
  return std::to_string(parser.status()) + " " + body + " " + end;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view text{reinterpret_cast<const char*>(data) + 1, size - 1};
  // A line that is too long is told before or after the lines ahead of it: not compared.
  const bool short_enough = text.size() <= HttpParser::longest_head;
  if (read(text, std::size_t{data[0]} + 1) != read(text, text.size() + 1) && short_enough) std::abort();
  return 0;
}
