// A program of somebody else: built against the installed library only.
#include <cstdio>
#include <ipvs++/ipvs++.hpp>
#include <new>
#include <unordered_map>

int main() try {
  std::unordered_map<ipvs::ServiceKey, int> count;  // std::hash is part of what is exported
  auto client = ipvs::Client::open();
  if (!client) {
    std::puts(client.error().message().c_str());
    return client.error().ipvs_missing() ? 0 : 1;
  }
  const auto services = client->services();
  if (services) {
    for (const ipvs::ServiceEntry& entry : *services) ++count[entry.service.key];
    std::printf("%zu services\n", count.size());
  }
  return services || services.error().privilege_missing() ? 0 : 1;
} catch (const std::bad_alloc&) {
  return 1;
}
