// An HTTP/1.1 answer (RFC 9112), piece by piece as it comes: the daemon's, so no more of HTTP than it speaks.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace keepalive::ctl {

class Answer {
 public:
  /// False: this is no answer, and never becomes one.
  bool take(std::string_view bytes);
  /// The peer has closed. False: something is missing.
  bool end();

  unsigned status() const { return status_; }
  /// The body that has come since the last call.
  std::string body();
  /// Bytes that are still to come: of the body, or of its chunk.
  std::size_t left() const { return left_; }
  bool complete() const { return phase_ == Phase::complete; }

 private:
  enum class Phase { head, sized, endless, chunk_size, chunk, chunk_end, trailer, complete };

  bool step();
  bool take_head();
  bool take_chunk_size();
  bool take_data(Phase next);
  bool take_line(std::string& line);

  Phase phase_ = Phase::head;
  unsigned status_ = 0;
  std::size_t left_ = 0;  // of the body or the chunk
  std::string pending_ = "";
  std::string body_ = "";
  bool broken_ = false;
};

}  // namespace keepalive::ctl
