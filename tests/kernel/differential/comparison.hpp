// Runs one case with both programs and tells every difference.
#pragma once

#include <string>

#include "case.hpp"
#include "programs.hpp"

namespace differential {

enum class Verdict { same, documented, differ };

struct Judgement {
  Verdict verdict = Verdict::same;
  std::string report = {};  ///< for people; empty unless they differ
};

/// What one program did in every step of a case, for people.
std::string show(const Case& one, const Program& program);

/// Throws std::exception when the case cannot be run at all.
Judgement compare(const Case& one, const Program& peer, const Program& ours);

}  // namespace differential
