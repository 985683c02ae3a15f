#include "vrrp/processes.hpp"

#include <fstream>
#include <system_error>
#include <utility>

namespace keepalive::vrrp_role {
namespace {

constexpr std::size_t longest_name = 15;

bool is_number(const std::string& text) { return text.find_first_not_of("0123456789") == std::string::npos; }

}  // namespace

ProcessSearch::ProcessSearch(std::filesystem::path folder, std::set<std::string> names) {
  for (const std::string& name : names) wanted_.insert(name.substr(0, longest_name));
  std::error_code error;
  next_ = std::filesystem::directory_iterator{folder, error};
}

bool ProcessSearch::look(std::size_t count) {
  std::error_code error;
  for (; count > 0 && next_ != std::filesystem::directory_iterator{}; --count) {
    std::string name;
    if (is_number(next_->path().filename()) && std::getline(std::ifstream{next_->path() / "comm"}, name) &&
        wanted_.contains(name))
      found_.insert(name);
    next_.increment(error);  // at an error it is at the end
  }
  return next_ == std::filesystem::directory_iterator{} || found_.size() == wanted_.size();
}

bool ProcessSearch::runs(const std::string& name) const { return found_.contains(name.substr(0, longest_name)); }

}  // namespace keepalive::vrrp_role
