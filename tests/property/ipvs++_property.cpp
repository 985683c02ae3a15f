// What must hold for every value: codec, text and diff are inverses of something.
#include <algorithm>

#include "codec.hpp"
#include "convert.hpp"
#include "generators.hpp"

using namespace ipvs;

namespace {

/// A set through the bytes that carry it.
template <class Set>
Set carried(const Set& set) {
  codec::Writer writer;
  writer.message(0, 0, 0, {}, [&] { codec::put(writer, wire::number<Set>, set); });
  Set decoded;
  RC_ASSERT(codec::decode_answer(writer.bytes().subspan(NLMSG_HDRLEN), decoded));
  RC_ASSERT(decoded == set);
  return decoded;
}

/// What the kernel holds after `wanted` was made of `actual`.
Table expected(const Table& wanted, const Table& actual, const std::set<ServiceKey>& owned) {
  Table all;
  for (const auto& [key, service] : wanted) all[key] = {canonical(service.service), service.destinations};
  for (const auto& [key, service] : actual) {
    if (!wanted.contains(key) && !owned.contains(key)) all[key] = service;
  }
  return all;
}

Table canonical_of(Table table) {
  for (auto& [key, service] : table) service.service = canonical(service.service);
  return table;
}

std::set<ServiceKey> some_of(const std::set<ServiceKey>& keys) {
  std::set<ServiceKey> some;
  for (const ServiceKey& key : keys) {
    if (*rc::gen::arbitrary<bool>()) some.insert(key);
  }
  return some;
}

bool properties_of_text() {
  return rc::check("an address survives its text",
                   [](const Address& address) { RC_ASSERT(Address::parse(to_string(address)) == address); }) &&
         rc::check("an endpoint survives its text",
                   [](const Endpoint& endpoint) { RC_ASSERT(Endpoint::parse(to_string(endpoint)) == endpoint); }) &&
         rc::check("any text is an address that survives, or none", [](const std::string& text) {
           const auto address = Address::parse(text);
           if (address) RC_ASSERT(Address::parse(to_string(*address)) == *address);
         });
}

bool properties_of_the_codec() {
  return rc::check("a service survives the wire, canonical",
                   [](const Service& service) {
                     RC_ASSERT(convert::from_wire(carried(convert::to_wire(service)))->service == canonical(service));
                   }) &&
         rc::check(
             "a destination survives the wire, whatever family its service has",
             [](const Destination& wanted) {
               RC_ASSERT(convert::from_wire(carried(convert::to_wire(wanted)), Family::ipv4)->destination == wanted);
               RC_ASSERT(convert::from_wire(carried(convert::to_wire(wanted)), Family::ipv6)->destination == wanted);
             }) &&
         rc::check("a daemon survives the wire", [](const Daemon& daemon) {
           RC_ASSERT(convert::from_wire(carried(convert::to_wire(daemon))) == daemon);
         });
}

bool properties_of_tables() {
  return rc::check("a diff leads to what is wanted, and leaves foreign services alone",
                   [] {
                     const Table wanted = *test::table();
                     const Table actual = canonical_of(*test::table());
                     const auto owned = some_of(keys(actual));
                     RC_ASSERT(applied(actual, diff(wanted, actual, owned)) == expected(wanted, actual, owned));
                   }) &&
         rc::check("a second diff is empty",
                   [] {
                     const Table wanted = *test::table();
                     const Table actual = *test::table();
                     const Table result = applied(actual, diff(wanted, actual, keys(actual)));
                     RC_ASSERT(diff(wanted, result, keys(result)).empty());
                   }) &&
         rc::check("each change of a diff is needed: without it the result is another", [] {
           const Table wanted = *test::table();
           const Table actual = canonical_of(*test::table());
           std::vector<Change> changes = diff(wanted, actual, keys(actual));
           RC_PRE(!changes.empty());
           const Table result = applied(actual, changes);
           changes.erase(changes.begin() + *rc::gen::inRange<std::ptrdiff_t>(0, std::ssize(changes)));
           RC_ASSERT(applied(actual, changes) != result);
         });
}

}  // namespace

int main() {
  const bool good[] = {properties_of_text(), properties_of_the_codec(), properties_of_tables()};
  return std::ranges::find(good, false) == std::end(good) ? 0 : 1;
}
