#include "session.hpp"

#include "messages.hpp"

namespace ipvsadm {

ipvs::Client* Session::kernel() {
  if (client_) return client_.get();
  auto client = ipvs::Client::open();
  const auto info = client.and_then([](ipvs::Client& opened) { return opened.info(); });  // which takes the right to
  if (!info) {
    complain(cannot_initialize(info.error()));
    return nullptr;
  }
  info_ = *info;
  client_ = std::make_unique<ipvs::Client>(*std::move(client));
  return client_.get();
}

void Session::complain(std::string_view line) {
  out.flush();
  err.write(place_);
  err.write(line);
  err.write("\n");
  err.flush();
}

}  // namespace ipvsadm
