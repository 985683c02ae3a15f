#include "monitor/gzip.hpp"

#include <zlib.h>

#include <new>

namespace keepalive::monitor {
namespace {

constexpr int window = 15;
constexpr int with_gzip_head = 16;      // zlib.h, deflateInit2: added to the window
constexpr std::size_t flush_room = 16;  // of Z_SYNC_FLUSH

/// RFC 1952: no name, no time, an unknown system.
constexpr char head[] = {'\x1f', '\x8b', '\x08', 0, 0, 0, 0, 0, 0, '\xff'};

class Deflater {
 public:
  Deflater(int effort, int window_bits) {
    if (deflateInit2(&stream_, effort, Z_DEFLATED, window_bits, MAX_MEM_LEVEL, Z_DEFAULT_STRATEGY) != Z_OK)
      throw std::bad_alloc{};
  }
  Deflater(const Deflater&) = delete;
  Deflater& operator=(const Deflater&) = delete;
  ~Deflater() { deflateEnd(&stream_); }

  std::string take(std::string_view text, int flush) {
    deflateReset(&stream_);
    std::string out(deflateBound(&stream_, text.size()) + flush_room, '\0');
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));  // zlib reads only
    stream_.avail_in = static_cast<uInt>(text.size());
    stream_.next_out = reinterpret_cast<Bytef*>(out.data());
    stream_.avail_out = static_cast<uInt>(out.size());
    deflate(&stream_, flush);  // there is room for all of it
    out.resize(out.size() - stream_.avail_out);
    return out;
  }

 private:
  z_stream stream_ = {};
};

}  // namespace

std::string gzip(std::string_view text, int effort) {
  return Deflater{effort, window + with_gzip_head}.take(text, Z_FINISH);
}

std::string_view gzip_begin() { return {head, sizeof head}; }

std::string gzip_piece(std::string_view text) {
  static Deflater shared{quick_effort, -window};  // without a head
  return shared.take(text, Z_SYNC_FLUSH);
}

}  // namespace keepalive::monitor
