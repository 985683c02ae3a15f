// Prints every virtual service with its servers.
#include <iostream>

#include "ipvs++/ipvs++.hpp"

int main() {
  auto client = ipvs::Client::open();
  if (!client) {
    std::cerr << client.error() << '\n';
    return 1;
  }
  const auto table = client->table();
  if (!table) {
    std::cerr << table.error() << '\n';
    return 1;
  }
  for (const auto& [key, service] : *table) std::cout << service << '\n';
}
