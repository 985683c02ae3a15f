#include "session.hpp"

#include "messages.hpp"

namespace ipvsadm {

ipvs::Client* Session::kernel() {
  if (client_) return client_.get();
  auto client = ipvs::Client::open();
  if (!client) {
    complain(cannot_initialize(client.error()));
    return nullptr;
  }
  client_ = std::make_unique<ipvs::Client>(*std::move(client));
  return client_.get();
}

void Session::complain(std::string_view line) {
  out.flush();
  err.write(line);
  err.write("\n");
  err.flush();
}

}  // namespace ipvsadm
