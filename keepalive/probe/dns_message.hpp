// DNS messages: a question out, an answer in, read by the C library's parser (ns_initparse). Pure. RFC 1035 section 4.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"

namespace keepalive::probe::dns {

struct Question {
  std::string name = ".";
  std::uint16_t type = 0;

  friend bool operator==(const Question&, const Question&) = default;
};

struct Record {
  std::uint16_t type = 0;
  std::string data = "";  // an address, a name, a text; of other types nothing

  friend bool operator==(const Record&, const Record&) = default;
};

struct Answer {
  std::uint16_t id = 0;
  std::uint8_t code = 0;  // 0: no error
  bool truncated = false;
  Question question = {};
  std::vector<Record> records = {};  // of the answer section; none when a truncated message ends within them

  friend bool operator==(const Answer&, const Answer&) = default;
};

/// The number of a record type: "AAAA". Nothing: unknown.
std::optional<std::uint16_t> type_number(std::string_view name);
/// "NXDOMAIN"
std::string code_name(std::uint8_t code);

/// Nothing: the name is no domain name.
std::optional<std::string> encode(std::uint16_t id, const Question& question);
/// Nothing: not an answer to one question.
std::optional<Answer> decode(base::Bytes message);
/// Names are the same whatever their case and final dot.
bool same_name(std::string_view one, std::string_view other);

}  // namespace keepalive::probe::dns
