#include "answer.hpp"

#include <algorithm>
#include <cctype>
#include <optional>
#include <utility>

#include "base/text.hpp"

namespace keepalive::ctl {
namespace {

constexpr std::size_t longest_head = 64U << 10U;

std::string lower(std::string_view text) {
  std::string out{text};
  std::transform(out.begin(), out.end(), out.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return out;
}

/// The value of a header, blanks trimmed; `head` ends with the last header's line end.
std::optional<std::string> header(std::string_view head, std::string_view name) {
  for (std::size_t at = head.find("\r\n"); at != std::string_view::npos && at + 2 < head.size();) {
    const std::size_t end = head.find("\r\n", at + 2);
    const std::string_view line = head.substr(at + 2, end - at - 2);
    at = end;
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos || lower(line.substr(0, colon)) != name) continue;
    return lower(base::trimmed(line.substr(colon + 1)));
  }
  return std::nullopt;
}

}  // namespace

bool Answer::take(std::string_view bytes) {
  pending_ += bytes;
  while (!broken_ && step()) {
  }
  return !broken_;
}

bool Answer::end() {
  if (phase_ == Phase::endless) phase_ = Phase::complete;
  return complete();
}

std::string Answer::body() { return std::exchange(body_, {}); }

/// Goes on to the next phase; false: more bytes are needed.
bool Answer::step() {
  std::string line;
  switch (phase_) {
    case Phase::head:
      return take_head();
    case Phase::sized:
      return take_data(Phase::complete);
    case Phase::endless:
      body_ += std::exchange(pending_, {});
      return false;
    case Phase::chunk_size:
      return take_chunk_size();
    case Phase::chunk:
      return take_data(Phase::chunk_end);
    case Phase::chunk_end:
      if (!take_line(line)) return false;
      phase_ = Phase::chunk_size;
      return true;
    case Phase::trailer:
      if (!take_line(line)) return false;
      if (line.empty()) phase_ = Phase::complete;
      return true;
    case Phase::complete:
      break;
  }
  return false;
}

bool Answer::take_head() {
  const std::size_t end = pending_.find("\r\n\r\n");
  if (end == std::string::npos) {
    broken_ = pending_.size() > longest_head;
    return false;
  }
  const std::string head = pending_.substr(0, end + 2);
  pending_.erase(0, end + 4);
  const auto status =
      base::read_number<std::size_t>(std::string_view{head}.substr(std::min<std::size_t>(9, head.size()), 3), 10);
  const auto size = header(head, "content-length");
  broken_ = !head.starts_with("HTTP/1.") || !status || (size && !base::read_number<std::size_t>(*size, 10));
  if (broken_) return false;
  status_ = static_cast<unsigned>(*status);
  if (const auto coding = header(head, "transfer-encoding"); coding == "chunked") {
    phase_ = Phase::chunk_size;
  } else if (size) {
    left_ = *base::read_number<std::size_t>(*size, 10);
    phase_ = Phase::sized;
  } else {
    phase_ = Phase::endless;
  }
  return true;
}

bool Answer::take_chunk_size() {
  std::string line;
  if (!take_line(line)) return false;
  const auto size = base::read_number<std::size_t>(std::string_view{line}.substr(0, line.find(';')), 16);
  broken_ = !size;
  if (broken_) return false;
  left_ = *size;
  phase_ = left_ == 0 ? Phase::trailer : Phase::chunk;
  return true;
}

bool Answer::take_data(Phase next) {
  const std::size_t size = std::min(left_, pending_.size());
  body_.append(pending_, 0, size);
  pending_.erase(0, size);
  left_ -= size;
  if (left_ != 0) return false;
  phase_ = next;
  return true;
}

bool Answer::take_line(std::string& line) {
  const std::size_t end = pending_.find("\r\n");
  if (end == std::string::npos) {
    broken_ = pending_.size() > longest_head;
    return false;
  }
  line = pending_.substr(0, end);
  pending_.erase(0, end + 2);
  return true;
}

}  // namespace keepalive::ctl
