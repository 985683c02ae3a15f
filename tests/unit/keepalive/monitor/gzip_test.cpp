// What zlib makes small is what it was.
#include "monitor/gzip.hpp"

#include <doctest/doctest.h>
#include <zlib.h>

using namespace keepalive::monitor;

namespace {

/// As far as it goes: a stream has no end.
std::string unpacked(std::string_view bytes) {
  z_stream stream{};
  REQUIRE(inflateInit2(&stream, 15 + 16) == Z_OK);  // gzip, zlib.h
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  std::string text(1U << 20U, '\0');
  stream.next_out = reinterpret_cast<Bytef*>(text.data());
  stream.avail_out = static_cast<uInt>(text.size());
  const int result = inflate(&stream, Z_SYNC_FLUSH);
  CHECK((result == Z_OK || result == Z_STREAM_END));
  CHECK(stream.avail_in == 0);
  text.resize(text.size() - stream.avail_out);
  inflateEnd(&stream);
  return text;
}

}  // namespace

TEST_CASE("gzip: a text comes back, and is smaller") {
  std::string text;
  for (int i = 0; i < 10000; ++i) text += std::to_string(i % 37) + ",";
  CHECK(gzip(text, 9).size() < text.size() / 4);
  CHECK(unpacked(gzip(text, 9)) == text);
  CHECK(unpacked(gzip("", 1)).empty());
}

TEST_CASE("gzip: pieces of a stream are the same for whoever hears them, whatever he heard before") {
  const std::string one = "event: figures\ndata: {\"a\":[1,2,3]}\n\n";
  const std::string two = "event: state\ndata: {\"a\":[1,2,3]}\n\n";
  const std::string begin{gzip_begin()};
  CHECK(unpacked(begin + gzip_piece(one) + gzip_piece(two) + gzip_piece(one)) == one + two + one);
  CHECK(unpacked(begin + gzip_piece(two)) == two);
  CHECK(gzip_piece(one) == gzip_piece(one));
  CHECK(unpacked(begin) == "");
}
