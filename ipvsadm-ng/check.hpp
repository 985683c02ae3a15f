// Which options go together, once all are read. The order of the checks is the order of ipvsadm's complaints.
#pragma once

#include "draft.hpp"

namespace ipvsadm {

Objection check(const Draft& draft);

}  // namespace ipvsadm
