#include "generator.hpp"
namespace differential {
std::vector<Case> generated_cases() { return {}; }
}  // namespace differential
