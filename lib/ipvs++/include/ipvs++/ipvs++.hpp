// All of libipvs++.
#pragma once

#include "ipvs++/address.hpp"
#include "ipvs++/client.hpp"
#include "ipvs++/connections.hpp"
#include "ipvs++/daemon.hpp"
#include "ipvs++/destination.hpp"
#include "ipvs++/error.hpp"
#include "ipvs++/flags.hpp"
#include "ipvs++/info.hpp"
#include "ipvs++/service.hpp"
#include "ipvs++/stats.hpp"
#include "ipvs++/table.hpp"
