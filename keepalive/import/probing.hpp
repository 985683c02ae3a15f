// What services, servers and checks say of probes, each for what is inside it.
#pragma once

#include <string>
#include <vector>

#include "import/site.hpp"

namespace keepalive::import {

/// Statements that count unless something inside says otherwise; null: not said.
struct Timing {
  const Node* loop = nullptr;     // delay_loop
  const Node* retry = nullptr;    // retry
  const Node* wait = nullptr;     // delay_before_retry
  const Node* timeout = nullptr;  // connect_timeout
  const Node* warmup = nullptr;   // warmup
  const Node* log = nullptr;      // log_all_failures
  const Node* host = nullptr;     // virtualhost
  std::string port = "";          // of the server, where its line has another one; empty: it has not
};

template <class Self, const Node* Timing::*member>
void keep_timing(Self& self, const Node& node, std::string_view) {
  self.timing.*member = &node;
  self.took();
}

/// Whether the keyword is a check: HTTP_GET, TCP_CHECK, …
bool is_check(std::string_view word);
/// The name of the [check] with these keys; one is made where there is none yet.
std::string check_name(Site& site, const Section& keys);
/// Names of the sections that the check becomes; remarks go to the desk.
std::vector<std::string> take_check(Desk& desk, const Node& node, const Timing& timing);

}  // namespace keepalive::import
