#include "ipvs++/connections.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <string_view>

#include "protocols.hpp"

namespace ipvs {
inline namespace v0 {
namespace {

constexpr std::size_t buffer_size = 65536;
constexpr std::size_t max_line = 4096;  // the kernel's are below 600 bytes

/// Fields of a line, separated by blanks.
class Fields {
 public:
  explicit Fields(std::string_view line) : rest_{line} {}

  /// Empty at the end.
  std::string_view next() {
    rest_.remove_prefix(std::min(rest_.find_first_not_of(' '), rest_.size()));
    const std::string_view field = rest_.substr(0, rest_.find(' '));
    rest_.remove_prefix(field.size());
    return field;
  }
  /// What follows the blank after the last field.
  std::string_view rest() const { return rest_.substr(std::min<std::size_t>(1, rest_.size())); }

 private:
  std::string_view rest_;
};

template <class Number>
bool parse(std::string_view text, Number& number, int base) {
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number, base);
  return error == std::errc{} && stop == end;
}

/// "TCP", "IP" or "IP_47", as ip_vs_proto_name() has it.
bool parse(std::string_view text, Protocol& protocol) {
  if (const auto known = named_protocol(text)) {
    protocol = *known;
    return true;
  }
  std::uint8_t number = 0;
  if (!text.starts_with("IP_") || !parse(text.substr(3), number, 10)) return false;
  protocol = static_cast<Protocol>(number);
  return true;
}

/// The value of a hexadecimal digit; 256 for anything else.
constexpr unsigned digit(char c) {
  if (c >= '0' && c <= '9') return static_cast<unsigned>(c - '0');
  const char lower = static_cast<char>(c | 0x20);
  return lower >= 'a' && lower <= 'f' ? static_cast<unsigned>(lower - 'a') + 10 : 256;
}

/// Two hexadecimal digits a byte, with colons between some.
template <std::size_t size>
bool parse_bytes(std::string_view text, Address& address) {
  std::array<std::uint8_t, size> bytes;
  for (std::uint8_t& byte : bytes) {
    if (text.starts_with(':')) text.remove_prefix(1);
    if (text.size() < 2) return false;
    const unsigned value = digit(text[0]) << 4U | digit(text[1]);
    if (value > 255) return false;
    byte = static_cast<std::uint8_t>(value);
    text.remove_prefix(2);
  }
  address = Address{bytes};
  return text.empty();
}

/// "%08X" or "%pI6": every digit is there.
bool parse(std::string_view text, Address& address) {
  return text.size() == 8 ? parse_bytes<4>(text, address) : parse_bytes<16>(text, address);
}

bool parse(Fields& fields, Endpoint& endpoint) {
  return parse(fields.next(), endpoint.address) && parse(fields.next(), endpoint.port.value, 16);
}

bool parse_origin(std::string_view text, std::optional<bool>& synced) {
  synced = text == "SYNC";
  return *synced || text == "LOCAL";
}

bool parse(std::string_view line, ConnectionFile file, Connection& connection) {
  Fields fields{line};
  std::uint32_t expires = 0;
  if (!parse(fields.next(), connection.protocol) || !parse(fields, connection.client) ||
      !parse(fields, connection.virtual_endpoint) || !parse(fields, connection.destination)) {
    return false;
  }
  connection.state = fields.next();
  connection.synced.reset();
  if (file == ConnectionFile::with_origin && !parse_origin(fields.next(), connection.synced)) return false;
  if (!parse(fields.next(), expires, 10)) return false;
  connection.expires = Seconds{expires};
  connection.persistence_engine = fields.next();
  connection.persistence_data = fields.rest();
  return true;
}

}  // namespace

class [[gnu::visibility("hidden")]] ConnectionReader::Implementation {
 public:
  Implementation(int fd, ConnectionFile file) : fd_{fd}, file_{file} {}
  Implementation(const Implementation&) = delete;
  Implementation& operator=(const Implementation&) = delete;
  ~Implementation() { ::close(fd_); }

  Result<bool> next(Connection & connection) {
    for (;;) {
      const auto line = next_line();
      if (!line) return tl::unexpected(line.error());
      if (line->data() == nullptr) return false;
      if (line->starts_with("Pro ")) continue;
      if (parse(*line, file_, connection)) return true;
      return failed(EBADMSG, std::string{*line});
    }
  }

 private:
  static tl::unexpected<Error> failed(int code, std::string subject = "") {
    return tl::unexpected(Error{code, Operation::list_connections, std::move(subject)});
  }

  /// Without its newline; valid until the next call; a null view at the end.
  Result<std::string_view> next_line() {
    for (;;) {
      const std::string_view unread{buffer_.get() + begin_, end_ - begin_};
      const std::size_t length = unread.find('\n');
      if (length != unread.npos) {
        begin_ += length + 1;
        return unread.substr(0, length);
      }
      if (unread.size() >= max_line) return failed(EBADMSG, std::string{unread.substr(0, 80)});
      const auto more = fill();
      if (!more) return tl::unexpected(more.error());
      if (!*more && end_ != begin_) return failed(EBADMSG, std::string{unread});
      if (!*more) return std::string_view{};
    }
  }

  /// Moves the rest of a line to the front and reads on; false at the end of the file.
  Result<bool> fill() {
    std::memmove(buffer_.get(), buffer_.get() + begin_, end_ - begin_);
    end_ -= begin_;
    begin_ = 0;
    const ssize_t count = ::read(fd_, buffer_.get() + end_, buffer_size - end_);
    if (count < 0) return failed(errno);
    end_ += static_cast<std::size_t>(count);
    return count > 0;
  }

  int fd_;
  ConnectionFile file_;
  std::unique_ptr<char[]> buffer_ = std::make_unique_for_overwrite<char[]>(buffer_size);
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
};

ConnectionReader::ConnectionReader(std::unique_ptr<Implementation> implementation)
    : implementation_{std::move(implementation)} {}
ConnectionReader::ConnectionReader(ConnectionReader&&) noexcept = default;
ConnectionReader& ConnectionReader::operator=(ConnectionReader&&) noexcept = default;
ConnectionReader::~ConnectionReader() = default;

Result<ConnectionReader> ConnectionReader::open(ConnectionFile file) {
  return open(file == ConnectionFile::plain ? "/proc/net/ip_vs_conn" : "/proc/net/ip_vs_conn_sync", file);
}

Result<ConnectionReader> ConnectionReader::open(const std::string& path, ConnectionFile file) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return tl::unexpected(Error{errno, Operation::list_connections, path});
  return ConnectionReader{std::make_unique<Implementation>(fd, file)};
}

Result<bool> ConnectionReader::next(Connection& connection) { return implementation_->next(connection); }

}  // namespace v0
}  // namespace ipvs
