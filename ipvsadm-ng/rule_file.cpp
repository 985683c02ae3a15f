#include "rule_file.hpp"

#include <fmt/format.h>

#include <cstring>
#include <variant>

#include "parse.hpp"
#include "rule_reader.hpp"

namespace ipvsadm {
namespace {

constexpr std::size_t most_complaints = 100;  // a file that is no rule file has one for each line

class TableReader {
 public:
  TableReader(int descriptor, const std::string& name) : reader_{descriptor, Comments::dropped}, name_{name} {}

  tl::expected<ipvs::Table, std::vector<std::string>> read();

 private:
  bool go_on(RuleReader::Outcome outcome);
  void line();
  void add(const ipvs::Service& service);
  void add(const ipvs::AddDestination& server);
  void complain(std::string_view text) {
    complaints_.push_back(fmt::format("{}:{}: {}", name_, reader_.line_number(), text));
  }

  RuleReader reader_;
  const std::string& name_;
  ipvs::Table table_ = {};
  std::vector<std::string> complaints_ = {};
};

tl::expected<ipvs::Table, std::vector<std::string>> TableReader::read() {
  while (go_on(reader_.next())) line();
  if (complaints_.empty() && table_.empty())  // what a program that failed leaves behind
    complaints_.push_back(fmt::format("{}: no rule in it; -C clears the table", name_));
  if (!complaints_.empty()) return tl::unexpected{std::move(complaints_)};
  return std::move(table_);
}

bool TableReader::go_on(RuleReader::Outcome outcome) {
  switch (outcome) {
    case RuleReader::Outcome::line:
      if (complaints_.size() < most_complaints) return true;
      complaints_.push_back(fmt::format("{}: too many faults; the rest is not read", name_));
      return false;
    case RuleReader::Outcome::end:
      return false;
    case RuleReader::Outcome::too_long:
      complain(RuleReader::too_long_text());
      return false;
    case RuleReader::Outcome::unreadable:
      complaints_.push_back(fmt::format("{}: cannot read: {}", name_, std::strerror(reader_.fault())));
      return false;
  }
  return false;
}

void TableReader::line() {
  if (reader_.cut()) return complain("NUL byte in the line: this is no rule file");
  auto command = parse("ipvsadm-ng", reader_.words(), Dialect::ng);
  if (!command && command.error().kind != Complaint::Kind::no_command) return complain(command.error().text);
  const auto* edit = command ? std::get_if<Edit>(&*command) : nullptr;
  if (edit)
    if (const auto* service = std::get_if<ipvs::AddService>(&edit->change)) return add(service->service);
  if (edit)
    if (const auto* server = std::get_if<ipvs::AddDestination>(&edit->change)) return add(*server);
  complain("only -A and -a stand in a rule file");
}

void TableReader::add(const ipvs::Service& service) {
  if (!table_.emplace(service.key, ipvs::TableService{.service = service}).second)
    complain(fmt::format("service {} stands here twice", ipvs::to_string(service.key)));
}

void TableReader::add(const ipvs::AddDestination& server) {
  const auto place = table_.find(server.service);
  const ipvs::Endpoint& endpoint = server.destination.endpoint;
  if (place == table_.end())
    complain(fmt::format("service {} is not added above", ipvs::to_string(server.service)));
  else if (!place->second.destinations.insert(server.destination))
    complain(fmt::format("server {} of service {} stands here twice", ipvs::to_string(endpoint),
                         ipvs::to_string(server.service)));
}

}  // namespace

tl::expected<ipvs::Table, std::vector<std::string>> read_rules(int descriptor, const std::string& name) {
  return TableReader{descriptor, name}.read();
}

}  // namespace ipvsadm
