#include "base/bytes.hpp"

namespace base {

Bytes ByteReader::bytes(std::size_t size) {
  if (!good_ || size > rest_.size()) {
    good_ = false;
    return {};
  }
  const Bytes part = rest_.first(size);
  rest_ = rest_.subspan(size);
  return part;
}

std::string ByteReader::text() {
  const Bytes part = bytes(u32());
  return {part.begin(), part.end()};
}

std::uint64_t ByteReader::number(std::size_t size) {
  std::uint64_t value = 0;
  for (const std::uint8_t byte : bytes(size)) value = value << 8U | byte;
  return value;
}

}  // namespace base
