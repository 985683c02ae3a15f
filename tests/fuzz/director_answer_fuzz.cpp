// What another monitor may answer to ours: any bytes, in pieces whose size the first byte says. They are an answer, a
// part of one or none; in one piece they are the same.
#include <cstdint>
#include <string>
#include <utility>

#include "fuzz.hpp"
#include "monitor/answer_reader.hpp"

namespace {

using fuzz::must;
using keepalive::monitor::AnswerReader;

struct Heard {
  AnswerReader::Step step = AnswerReader::Step::more;
  bool head = false;
  unsigned status = 0;
  std::string type = "";
  std::string body = "";
  std::string rest = "";

  friend bool operator==(const Heard&, const Heard&) = default;
};

Heard heard(const std::string& bytes, std::size_t piece) {
  AnswerReader reader;
  Heard all;
  std::size_t at = 0;
  while (at < bytes.size() && (all.step == AnswerReader::Step::more || all.step == AnswerReader::Step::head)) {
    all.rest += bytes.substr(at, piece);
    at += piece;
    do {
      all.step = reader.take(all.rest);
      if (all.step == AnswerReader::Step::head) {
        must(!std::exchange(all.head, true));
        all.status = reader.status();
        all.type = reader.type();
      }
      if (all.head) all.body += reader.body();
    } while (all.step == AnswerReader::Step::head);
  }
  if (all.step == AnswerReader::Step::whole) must(all.head);
  if (all.step == AnswerReader::Step::more) all.step = reader.finish();
  if (at < bytes.size()) all.rest += bytes.substr(at);
  return all;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string bytes{data + 1, data + size};
  const Heard whole = heard(bytes, bytes.size() + 1);
  const Heard pieces = heard(bytes, 1 + data[0]);
  must((whole.step == AnswerReader::Step::fault) == (pieces.step == AnswerReader::Step::fault));
  if (whole.step != AnswerReader::Step::fault) must(whole == pieces);
  return 0;
}
