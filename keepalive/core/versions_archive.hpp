// Members of versions, for the archives that hold some.
#pragma once

#include <type_traits>

#include "core/archive.hpp"
#include "core/versions.hpp"

namespace keepalive::core {

template <class V, class T>
requires std::is_same_v<std::remove_const_t<T>, ConfigVersion>
void members(V& visit, T& m) { visit(m.number, m.time, m.by, m.comment, m.generation, m.texts); }

template <class V, class T>
requires std::is_same_v<std::remove_const_t<T>, Pending>
void members(V& visit, T& m) { visit(m.version, m.back_to, m.until, m.term); }

}  // namespace keepalive::core
