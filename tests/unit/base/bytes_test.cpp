#include "base/bytes.hpp"

#include <doctest/doctest.h>

using namespace base;

namespace {

constexpr std::string_view written{
    "\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c\x0d\x0e\x0f\0\0\0\x02"
    "ab\xff",
    22};

}  // namespace

TEST_CASE("numbers stand in network order") {
  ByteWriter writer;
  writer.u8(0x01);
  writer.u16(0x0203);
  writer.u32(0x04050607);
  writer.u64(0x08090a0b0c0d0e0f);
  writer.text("ab");
  writer.bytes(as_bytes("\xff"));
  CHECK(std::move(writer).take() == written);
}

TEST_CASE("a reader gives what was written") {
  ByteReader reader{as_bytes(written)};
  CHECK(reader.u8() == 0x01);
  CHECK(reader.u16() == 0x0203);
  CHECK(reader.u32() == 0x04050607);
  CHECK(reader.u64() == 0x08090a0b0c0d0e0f);
  CHECK(reader.text() == "ab");
  CHECK(reader.left() == 1);
  CHECK(!reader.done());
  CHECK(reader.bytes(1).front() == 0xff);
  CHECK(reader.done());
}

TEST_CASE("a reader at the end gives zeros and stays failed, though a later question would be answered") {
  ByteReader reader{as_bytes("\x01\x02\x03")};
  CHECK(reader.u32() == 0);
  CHECK(!reader.good());
  CHECK(reader.u8() == 0);
  CHECK(reader.bytes(0).empty());
  CHECK(!reader.done());
}

TEST_CASE("a text longer than what is left is no text") {
  const std::string bytes{
      "\xff\xff\xff\xff"
      "abc",
      7};
  ByteReader reader{as_bytes(bytes)};
  CHECK(reader.text().empty());
  CHECK(!reader.good());
}
