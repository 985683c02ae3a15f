// The named pipe that gets a line for each change. Without a reader lines are dropped: nobody waits for one.
#pragma once

#include <string>

namespace keepalive::io {

class NotifyPipe {
 public:
  NotifyPipe() = default;
  NotifyPipe(const NotifyPipe&) = delete;
  NotifyPipe& operator=(const NotifyPipe&) = delete;
  ~NotifyPipe() { close(); }

  /// Makes it unless it is there; empty: none.
  void open(const std::string& path);
  void write(const std::string& line);

 private:
  void close();

  std::string path_ = "";
  int fd_ = -1;
};

}  // namespace keepalive::io
