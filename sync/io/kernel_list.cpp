#include "sync/io/kernel_list.hpp"

#include <algorithm>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <optional>
#include <sstream>
#include <string>
#include <utility>

#include "base/text.hpp"
#include "sync/states.hpp"

namespace ipvs::sync {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t piece = 1000;
constexpr auto rest = 5ms;  // after each piece

constexpr std::pair<std::string_view, std::uint32_t> methods[] = {
    {"Masq", 0}, {"Local", 1}, {"Tunnel", 2}, {"Route", 3}, {"Bypass", 4}};

std::uint32_t number(std::string_view digits) { return base::read_number<std::uint32_t>(digits, 16).value_or(0); }

/// "0A00000B:0050", or "[fd00:0000:…]:0050".
std::optional<Endpoint> read_endpoint(std::string_view text) {
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) return std::nullopt;
  const Port port{static_cast<std::uint16_t>(number(text.substr(colon + 1)))};
  std::string_view address = text.substr(0, colon);
  if (address.starts_with('[') && address.ends_with(']')) {
    const auto read = Address::parse(address.substr(1, address.size() - 2));
    return read ? std::optional{Endpoint{*read, port}} : std::nullopt;
  }
  const std::uint32_t word = number(address);
  const auto byte = [&](unsigned shift) { return static_cast<std::uint8_t>(word >> shift); };
  return Endpoint{Address{std::array<std::uint8_t, 4>{byte(24), byte(16), byte(8), byte(0)}}, port};
}

/// A server of a service.
struct ServerLine {
  Endpoint server = {};
  std::uint32_t method = 0;
  std::uint64_t connections = 0;  // active or not
};

std::vector<ServerLine> lines_of(std::string_view table) {
  std::vector<ServerLine> found;
  std::istringstream lines{std::string{table}};
  for (std::string text; std::getline(lines, text);) {
    std::istringstream words{text};
    std::string arrow, server, method;
    std::uint64_t weight = 0, active = 0, inactive = 0;
    words >> arrow >> server >> method >> weight >> active >> inactive;
    const auto* const row =
        std::find_if(std::begin(methods), std::end(methods), [&](const auto& one) { return one.first == method; });
    const auto endpoint = arrow == "->" && row != std::end(methods) ? read_endpoint(server) : std::nullopt;
    if (endpoint) found.push_back({*endpoint, row->second, active + inactive});
  }
  return found;
}

}  // namespace

Methods read_methods(std::string_view table) {
  Methods found;
  for (const ServerLine& line : lines_of(table)) found[line.server] = line.method;
  return found;
}

std::map<Address, std::uint64_t> read_counts(std::string_view table) {
  std::map<Address, std::uint64_t> found;
  for (const ServerLine& line : lines_of(table)) found[line.server.address] += line.connections;
  return found;
}

std::string service_table() {
  std::ostringstream table;
  table << std::ifstream{"/proc/net/ip_vs"}.rdbuf();
  return std::move(table).str();
}

Entry entry_of(const Connection& connection, const Methods& methods) {
  Entry entry{.protocol = static_cast<std::uint8_t>(connection.protocol),
              .client = connection.client,
              .virtual_endpoint = connection.virtual_endpoint,
              .destination = connection.destination,
              .timeout = static_cast<std::uint32_t>(std::max<std::int64_t>(1, connection.expires.count()))};
  const auto state = state_number(entry.protocol, connection.state);
  const bool persistent = connection.client.port.value == 0;  // no other entry lacks its client's port
  entry.state = persistent ? std::uint16_t{0} : state.value_or(0);
  const auto method = methods.find(connection.destination);
  entry.flags = method != methods.end() ? method->second : 0;
  if (persistent) entry.flags |= flag::persistence;
  if (phase(entry) != Phase::established) entry.flags |= flag::inactive;
  return entry;
}

KernelList::KernelList(boost::asio::io_context& io, Take take, Over over, const std::string& file) {
  thread_ = std::thread{
      [this, &io, take = std::move(take), over = std::move(over), file, work = boost::asio::make_work_guard(io)] {
        const auto start = std::chrono::steady_clock::now();
        const Methods known = read_methods(service_table());
        auto reader = ConnectionReader::open(file, ConnectionFile::plain);
        Connection connection;
        std::vector<Entry> entries;
        const auto hand_over = [&] {
          boost::asio::post(io, [take, gone = gone_, batch = std::exchange(entries, {})] {
            if (!*gone) take(batch);
          });
          std::this_thread::sleep_for(rest);
        };
        std::string fault = reader ? "" : reader.error().message();
        while (reader && !stop_) {
          const auto more = reader->next(connection);
          if (!more) fault = more.error().message();
          if (!more || !*more) break;
          entries.push_back(entry_of(connection, known));
          ++entries_;
          if (entries.size() == piece) hand_over();
        }
        if (!entries.empty()) hand_over();
        const auto took = std::chrono::steady_clock::now() - start;
        took_ms_ = std::max<std::int64_t>(1, std::chrono::duration_cast<std::chrono::milliseconds>(took).count());
        boost::asio::post(io, [over, gone = gone_, fault] {
          if (!*gone) over(fault);
        });
      }};
}

KernelList::~KernelList() {
  *gone_ = true;
  stop_ = true;
  thread_.join();
}

}  // namespace ipvs::sync
