// Prints the busy services' rates every two seconds, as often as the kernel brings them up to date.
//   watch_rates [TIMES]
#include <chrono>
#include <cstdlib>
#include <iostream>
#include <thread>

#include "ipvs++/ipvs++.hpp"

int main(int argc, char** argv) {
  auto client = ipvs::Client::open();
  if (!client) {
    std::cerr << client.error() << '\n';
    return 1;
  }
  const long times = argc == 2 ? std::atol(argv[1]) : -1;
  for (long i = 0; i != times; ++i) {
    const auto services = client->services();
    if (!services) {
      std::cerr << services.error() << '\n';
      return 1;
    }
    for (const auto& [service, stats] : *services) {
      const ipvs::Rates& rates = stats.rates;
      if (rates.in_packets == 0) continue;
      std::cout << service.key << "  " << rates.connections << " conn/s  " << rates.in_bytes << " B/s in  "
                << rates.out_bytes << " B/s out\n";
    }
    std::cout << "--" << std::endl;
    std::this_thread::sleep_for(std::chrono::seconds{2});
  }
}
