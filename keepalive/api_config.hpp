// The control API's part that reads and writes the configuration: what each path means.
#pragma once

#include "api.hpp"
#include "api_call.hpp"

namespace keepalive::api {

void get_config(Powers& powers, const Call& call, const Reply& reply);
void get_version(Powers& powers, const Call& call, const Reply& reply);
void post_check(Powers& powers, const Call& call, const Reply& reply);
void post_apply(Powers& powers, const Call& call, const Reply& reply);
void post_confirm(Powers& powers, const Call& call, const Reply& reply);
void post_rollback(Powers& powers, const Call& call, const Reply& reply);

}  // namespace keepalive::api
