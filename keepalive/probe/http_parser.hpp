// An HTTP/1 answer, read piece by piece as it comes; keeps no more of it than one line. Pure.
//
//   status line ─> header lines ─┬─> counted body ──────────────────────> done
//        ^  1xx       │          ├─> chunk size ─> chunk ─> … ─> trailer ─> done
//        └────────────┘          └─> body until the connection closes ───> done
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace keepalive::probe {

class HttpParser {
 public:
  static constexpr std::size_t longest_head = 16384;  // bytes of all lines together

  enum class Kind : std::uint8_t {
    more,   // all bytes are read
    head,   // the headers are complete: see status()
    body,   // a piece of the body
    done,   // the answer is complete
    fault,  // it is no HTTP answer; `text` says why
  };
  struct Step {
    Kind kind = Kind::more;
    std::string_view text = {};
  };

  enum class Method : std::uint8_t { other, head };
  explicit HttpParser(Method method) : method_{method} {}

  /// Takes what it understands off `bytes`; to be called until it says more, done or fault.
  Step next(std::string_view& bytes);
  /// The connection is closed.
  Step end();
  int status() const { return status_; }
  /// Bytes of a counted body that are still to come.
  std::uint64_t left() const { return state_ == State::counted ? left_ : 0; }

 private:
  enum class State : std::uint8_t { status, header, counted, chunk_size, chunk, chunk_end, trailer, rest, done };

  Step take_line(std::string_view line);
  Step take_status(std::string_view line);
  Step take_header(std::string_view line);
  Step take_chunk_size(std::string_view line);
  Step take_body(std::string_view& bytes);
  Step end_head();

  State state_ = State::status;
  Method method_;
  bool chunked_ = false;
  bool counted_ = false;  // there is a Content-Length
  int status_ = 0;
  std::size_t head_ = 0;    // bytes of lines so far
  std::uint64_t left_ = 0;  // of the body, or the chunk
  std::string line_ = "";   // begun in an earlier piece
};

}  // namespace keepalive::probe
