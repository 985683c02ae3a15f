#include "programs.hpp"

#include <filesystem>
#include <utility>

namespace differential {

Program::Program(std::string folder, const std::string& main, const std::string& save, const std::string& restore)
    : folder_{std::move(folder)} {
  std::filesystem::create_directories(folder_);
  std::filesystem::create_symlink(main, folder_ + "/ipvsadm");
  std::filesystem::create_symlink(save, folder_ + "/ipvsadm-save");
  std::filesystem::create_symlink(restore, folder_ + "/ipvsadm-restore");
}

Outcome Program::run(const Step& step) const {
  Command command;
  command.path = folder_ + "/" + step.program;
  command.argv = {step.argv0.empty() ? step.program : step.argv0};
  command.argv.insert(command.argv.end(), step.arguments.begin(), step.arguments.end());
  command.input = step.input;
  command.input_text = step.input_text;
  command.output = step.output;
  command.closed_stderr = step.closed_stderr;
  command.nobody = step.nobody;
  return differential::run(command);
}

}  // namespace differential
