// A datagram as a name server might send it: any bytes are an answer or nothing. What it asks about can be asked again.
#include <cstdlib>

#include "probe/dns_message.hpp"

using namespace keepalive::probe;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto answer = dns::decode({data, size});
  if (!answer) return 0;
  for (const dns::Record& record : answer->records)
    if (record.data.size() > size * 5 + 64) std::abort();  // no text grows beyond its datagram
  const auto question = dns::encode(answer->id, answer->question);
  if (question && question->size() < 17) std::abort();
  return 0;
}
