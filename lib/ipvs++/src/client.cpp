#include "ipvs++/client.hpp"

#include <fcntl.h>
#include <sched.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <thread>
#include <utility>

#include "convert.hpp"
#include "genl_socket.hpp"

namespace ipvs {
inline namespace v0 {
namespace {

constexpr std::size_t max_batch = 256;  // larger ones are not faster
constexpr int dump_attempts = 8;

/// An edit's command and operation; rows in the order of Change's alternatives.
struct Edit {
  std::uint8_t command;
  Operation operation;
};
constexpr Edit edits[] = {
    {IPVS_CMD_NEW_SERVICE, Operation::add_service},    {IPVS_CMD_SET_SERVICE, Operation::edit_service},
    {IPVS_CMD_DEL_SERVICE, Operation::remove_service}, {IPVS_CMD_NEW_DEST, Operation::add_destination},
    {IPVS_CMD_SET_DEST, Operation::edit_destination},  {IPVS_CMD_DEL_DEST, Operation::remove_destination},
};
static_assert(std::size(edits) == std::variant_size_v<Change>);

template <class T>
concept EditsService = std::same_as<T, AddService> || std::same_as<T, EditService>;
template <class T>
concept EditsDestination = std::same_as<T, AddDestination> || std::same_as<T, EditDestination>;

/// Calls `use` with the attribute sets of a change.
template <class Use>
void with_sets(const Change& change, Use use) {
  const auto visitor = [&]<class T>(const T& edit) {
    if constexpr (EditsService<T>) {
      use(convert::to_wire(edit.service));
    } else if constexpr (std::same_as<T, RemoveService>) {
      use(convert::to_wire(edit.key));
    } else if constexpr (EditsDestination<T>) {
      use(convert::to_wire(edit.service), convert::to_wire(edit.destination));
    } else {
      use(convert::to_wire(edit.service), convert::to_wire(edit.endpoint));
    }
  };
  std::visit(visitor, change);
}

std::string subject(const Change& change) {
  const auto visitor = []<class T>(const T& edit) {
    if constexpr (EditsService<T>) {
      return to_string(edit.service.key);
    } else if constexpr (std::same_as<T, RemoveService>) {
      return to_string(edit.key);
    } else if constexpr (EditsDestination<T>) {
      return to_string(edit.destination.endpoint) + " of " + to_string(edit.service);
    } else {
      return to_string(edit.endpoint) + " of " + to_string(edit.service);
    }
  };
  return std::visit(visitor, change);
}

Error refused(const Change& change, int code) { return {code, edits[change.index()].operation, subject(change)}; }

/// Runs `act` in another network namespace, on a thread of its own because setns(2) moves a thread.
template <class Act>
Outcome<void> in_namespace(const std::string& path, Act act) {
  struct Closing {
    int fd;
    ~Closing() { ::close(fd); }
  };
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return tl::unexpected(errno);
  const Closing closing{fd};
  int code = 0;
  std::thread{[&] {
    code = setns(fd, CLONE_NEWNET) < 0 ? errno : 0;
    if (code == 0) act();
  }}.join();
  if (code != 0) return tl::unexpected(code);
  return {};
}

}  // namespace

class [[gnu::visibility("hidden")]] Client::Implementation {
 public:
  static Result<Client> open() {
    auto socket = GenlSocket::open();
    if (!socket) return tl::unexpected(Error{socket.error(), Operation::connect});
    const auto family = find_family(*socket, IPVS_GENL_NAME);
    if (!family) return tl::unexpected(Error{family.error(), Operation::find_family});
    return Client{std::unique_ptr<Implementation>{new Implementation{std::move(*socket), *family}}};
  }

  /// A request that the kernel only acknowledges.
  template <class... Sets>
  Outcome<void> command(std::uint8_t command, const Sets&... sets) {
    return request(
        command, NLM_F_ACK, [](codec::Bytes) { return true; }, sets...);
  }

  /// A request with one answer, decoded as `Answer`.
  template <class Answer, class... Sets>
  Outcome<Answer> get(std::uint8_t command, const Sets&... sets) {
    Answer answer;
    const auto read = [&](codec::Bytes payload) { return codec::decode_answer(payload, answer); };
    if (const auto outcome = request(command, 0, read, sets...); !outcome) return tl::unexpected(outcome.error());
    return answer;
  }

  /// A dump; `convert` makes an optional value of each decoded `Answer`.
  template <class Answer, class Convert, class... Sets>
  auto dump(std::uint8_t command, Convert convert, const Sets&... sets) {
    using Value = typename std::invoke_result_t<Convert, const Answer&>::value_type;
    std::vector<Value> values;
    const auto read = [&](codec::Bytes payload) {
      Answer answer;
      if (!codec::decode_answer(payload, answer)) return false;
      auto value = convert(answer);
      if (value) values.push_back(std::move(*value));
      return value.has_value();
    };
    Outcome<void> outcome;
    for (int attempt = 0; attempt < dump_attempts; ++attempt) {
      values.clear();
      outcome = request(command, NLM_F_DUMP, read, sets...);
      if (outcome || outcome.error() != EINTR) break;
    }
    return outcome.map([&] { return std::move(values); });
  }

  Result<void> edit(const Change& change) {
    Outcome<void> outcome;
    with_sets(change, [&](const auto&... sets) { outcome = command(edits[change.index()].command, sets...); });
    return outcome.map_error([&](int code) { return refused(change, code); });
  }

  /// One batch: the last command is acknowledged, others answer only when refused.
  Outcome<void> apply(std::span<const Change> changes, std::size_t offset, std::vector<Refusal> & refusals) {
    writer_.clear();
    const std::uint32_t first = socket_.sequence(changes.size());
    const std::size_t last = changes.size() - 1;
    for (std::size_t i = 0; i <= last; ++i) {
      with_sets(changes[i], [&](const auto&... sets) {
        const auto sequence = first + static_cast<std::uint32_t>(i);
        write(edits[changes[i].index()].command, i == last ? NLM_F_ACK : 0, sequence, sets...);
      });
    }
    return socket_.exchange(writer_.bytes(), first, changes.size(),
                            [&](const nlmsghdr& header, codec::Bytes payload) -> Outcome<bool> {
                              if (header.nlmsg_type != NLMSG_ERROR) return tl::unexpected(EBADMSG);
                              const std::size_t i = header.nlmsg_seq - first;
                              const int code = codec::error_code(payload);
                              if (code != 0) refusals.push_back({offset + i, refused(changes[i], code)});
                              return i == last;
                            });
  }

  /// How many changes apply() takes.
  std::size_t batch() {
    if (batch_ == 0) batch_ = std::min(max_batch, socket_.make_room());
    return batch_;
  }

 private:
  Implementation(GenlSocket socket, std::uint16_t family) : socket_{std::move(socket)}, family_{family} {}

  template <class... Sets>
  void write(std::uint8_t command, std::uint16_t flags, std::uint32_t sequence, const Sets&... sets) {
    writer_.message(family_, flags, sequence, {command, IPVS_GENL_VERSION, 0}, [&] { (put(sets), ...); });
  }
  template <class Set>
  void put(const Set& set) {
    if constexpr (wire::number<Set> == 0) {
      codec::encode(writer_, set);
    } else {
      codec::put(writer_, wire::number<Set>, set);
    }
  }

  /// Sends one request; `read(payload) -> bool` takes each message of data.
  template <class Read, class... Sets>
  Outcome<void> request(std::uint8_t command, std::uint16_t flags, Read read, const Sets&... sets) {
    writer_.clear();
    const std::uint32_t sequence = socket_.sequence();
    write(command, flags, sequence, sets...);
    bool interrupted = false;
    return socket_.exchange(writer_.bytes(), sequence, 1,
                            [&](const nlmsghdr& header, codec::Bytes payload) -> Outcome<bool> {
                              interrupted |= (header.nlmsg_flags & NLM_F_DUMP_INTR) != 0;
                              if (header.nlmsg_type == NLMSG_ERROR || header.nlmsg_type == NLMSG_DONE) {
                                const int code = interrupted ? EINTR : codec::error_code(payload);
                                if (code != 0) return tl::unexpected(code);
                                return true;
                              }
                              if (!read(payload)) return tl::unexpected(EBADMSG);
                              return flags == 0;
                            });
  }

  GenlSocket socket_;
  std::uint16_t family_;
  std::size_t batch_ = 0;
  codec::Writer writer_ = {};
};

namespace {

/// An outcome with what was tried, and on what, should it be an error.
template <class T, class... Subject>
Result<T> named(Outcome<T> outcome, Operation operation, const Subject&... subject) {
  if (outcome) return std::move(outcome).map_error([](int) { return Error{}; });
  return tl::unexpected(Error{outcome.error(), operation, (std::string{} + ... + to_string(subject))});
}

/// An answer as public value; EBADMSG when it lacks something.
template <class Wire>
auto converted(const Outcome<Wire>& wire) -> Outcome<typename decltype(convert::from_wire(*wire))::value_type> {
  if (!wire) return tl::unexpected(wire.error());
  auto value = convert::from_wire(*wire);
  if (!value) return tl::unexpected(EBADMSG);
  return std::move(*value);
}

}  // namespace

Client::Client(std::unique_ptr<Implementation> implementation) : implementation_{std::move(implementation)} {}
Client::Client(Client&&) noexcept = default;
Client& Client::operator=(Client&&) noexcept = default;
Client::~Client() = default;

Result<Client> Client::open() { return Implementation::open(); }

Result<Client> Client::open(const Netns& netns) {
  Result<Client> client = tl::unexpected(Error{});
  const auto entered = in_namespace(netns.path, [&] { client = Implementation::open(); });
  if (!entered) return tl::unexpected(Error{entered.error(), Operation::open_namespace, netns.path});
  return client;
}

Result<Info> Client::info() {
  return named(converted(implementation_->get<wire::Info>(IPVS_CMD_GET_INFO)), Operation::get_info);
}

Result<Timeouts> Client::timeouts() {
  return named(converted(implementation_->get<wire::Config>(IPVS_CMD_GET_CONFIG)), Operation::get_timeouts);
}

Result<void> Client::set_timeouts(const Timeouts& timeouts) {
  return named(implementation_->command(IPVS_CMD_SET_CONFIG, convert::to_wire(timeouts)), Operation::set_timeouts);
}

Result<std::vector<ServiceEntry>> Client::services() {
  const auto read = [](const wire::Service& wire) { return convert::from_wire(wire); };
  return named(implementation_->dump<wire::Service>(IPVS_CMD_GET_SERVICE, read), Operation::list_services);
}

Result<ServiceEntry> Client::service(const ServiceKey& key) {
  return named(converted(implementation_->get<wire::Service>(IPVS_CMD_GET_SERVICE, convert::to_wire(key))),
               Operation::get_service, key);
}

Result<void> Client::add_service(const Service& service) { return implementation_->edit(AddService{service}); }
Result<void> Client::edit_service(const Service& service) { return implementation_->edit(EditService{service}); }
Result<void> Client::remove_service(const ServiceKey& key) { return implementation_->edit(RemoveService{key}); }

Result<std::vector<DestinationEntry>> Client::destinations(const ServiceKey& service) {
  const auto read = [&](const wire::Destination& wire) { return convert::from_wire(wire, family(service)); };
  return named(implementation_->dump<wire::Destination>(IPVS_CMD_GET_DEST, read, convert::to_wire(service)),
               Operation::list_destinations, service);
}

Result<void> Client::add_destination(const ServiceKey& service, const Destination& destination) {
  return implementation_->edit(AddDestination{service, destination});
}
Result<void> Client::edit_destination(const ServiceKey& service, const Destination& destination) {
  return implementation_->edit(EditDestination{service, destination});
}
Result<void> Client::remove_destination(const ServiceKey& service, const Endpoint& endpoint) {
  return implementation_->edit(RemoveDestination{service, endpoint});
}

Result<void> Client::visit_table(const std::function<void(TableService&&)>& visit) {
  auto entries = services();
  if (!entries) return tl::unexpected(entries.error());
  for (ServiceEntry& entry : *entries) {
    const auto found = destinations(entry.service.key);
    if (!found) return tl::unexpected(found.error());
    TableService service{.service = std::move(entry.service)};
    service.destinations.reserve(found->size());
    for (auto each = found->rbegin(); each != found->rend(); ++each) {  // the kernel tells of the last added first
      service.destinations.insert(each->destination);
    }
    visit(std::move(service));
  }
  return {};
}

Result<Table> Client::table() {
  Table table;
  const auto read = visit_table([&](TableService&& service) {
    const ServiceKey key = service.service.key;
    table.emplace(key, std::move(service));
  });
  return read.map([&] { return std::move(table); });
}

Result<std::vector<Refusal>> Client::apply(std::span<const Change> changes) {
  std::vector<Refusal> refusals;
  for (std::size_t done = 0; done < changes.size();) {
    const auto batch = changes.subspan(done, std::min(implementation_->batch(), changes.size() - done));
    const auto outcome = implementation_->apply(batch, done, refusals);
    if (!outcome) return tl::unexpected(Error{outcome.error(), edits[batch.front().index()].operation});
    done += batch.size();
  }
  return refusals;
}

Result<std::vector<Daemon>> Client::daemons() {
  const auto read = [](const wire::Daemon& wire) { return convert::from_wire(wire); };
  return named(implementation_->dump<wire::Daemon>(IPVS_CMD_GET_DAEMON, read), Operation::list_daemons);
}

Result<void> Client::start_daemon(const Daemon& daemon) {
  return named(implementation_->command(IPVS_CMD_NEW_DAEMON, convert::to_wire(daemon)), Operation::start_daemon);
}

Result<void> Client::stop_daemon(DaemonRole role) {
  wire::Daemon wire;
  wire.state = static_cast<std::uint32_t>(role);
  auto outcome = implementation_->command(IPVS_CMD_DEL_DAEMON, wire);
  // kthread_stop() says EINTR of a thread that had not run yet; the daemon is gone all the same.
  if (!outcome && outcome.error() == EINTR) outcome = {};
  return named(outcome, Operation::stop_daemon);
}

Result<void> Client::zero() { return named(implementation_->command(IPVS_CMD_ZERO), Operation::zero); }

Result<void> Client::zero(const ServiceKey& key) {
  return named(implementation_->command(IPVS_CMD_ZERO, convert::to_wire(key)), Operation::zero, key);
}

Result<void> Client::flush() { return named(implementation_->command(IPVS_CMD_FLUSH), Operation::flush); }

}  // namespace v0
}  // namespace ipvs
