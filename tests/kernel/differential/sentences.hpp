// Random command lines out of grammatical pieces, good and bad; always the same ones.
#pragma once

#include <string>
#include <vector>

namespace differential {

/// Each is the arguments of one call, quoted as in a case file.
std::vector<std::string> random_sentences(int count);

}  // namespace differential
