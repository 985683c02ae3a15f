// Small servers and clients that make real connections through the services of the current namespace.
#pragma once

#include <string>
#include <vector>

namespace differential {

/// Carries out one line of a case's setup; it is over when this returns, but for sockets kept open:
///   serve KIND ADDRESS:PORT           a server that sends back what it gets
///   send KIND ADDRESS:PORT [count=N] [size=BYTES] [from=ADDRESS] [mark=N] [close] [quiet]
///                                     N conversations, from a socket each: one message and its answer.
///                                     close: hang up afterwards; quiet: do not wait for an answer
///   flood ADDRESS:PORT count=N size=BYTES     N datagrams from one socket, read and forgotten by the server
///   sip ADDRESS:PORT [count=N]        N calls, each with its own Call-ID
///   wait MILLISECONDS
/// KIND is tcp, udp or sctp. Throws std::exception when it does not work.
void make_traffic(const std::vector<std::string>& words);

/// Closes every socket that make_traffic() kept, ends its servers.
void end_traffic();

}  // namespace differential
