// What a daemon needs of the system before it begins: folders, a lock, a network namespace, a background.
#pragma once

#include <functional>
#include <string>

namespace keepalive::io {

/// Makes a folder and those above it, unless they are there; whether it was not. Throws std::system_error.
bool make_folder(const std::string& path, unsigned mode);
/// Whether systemd made this folder for us (RuntimeDirectory=).
bool made_by_systemd(const std::string& path);
/// Makes it the user's, if there is one of that name. Throws std::system_error.
void give_folder(const std::string& path, const std::string& user);

/// Holds the lock file as long as the process lives. Throws std::runtime_error when another process has it.
void lock_instance(const std::string& path);

/// Moves the process: a name of `ip netns`, or a path. Throws std::system_error.
void enter_netns(const std::string& name);

/// Goes to the background, and to /. The parent waits until the returned function is called, or exits with 1 when the child ends
/// before that.
std::function<void()> go_to_background();

/// To systemd, if it started us: "READY=1".
void tell_service(const char* state);

}  // namespace keepalive::io
