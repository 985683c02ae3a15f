// The named pipe that gets a line for each change. Without a reader lines are dropped: nobody waits for one. With a
// reader that is too slow, too; how many is told when it reads again.
#pragma once

#include <cstddef>
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
  void fail(int error);
  void close();
  void tell_lost();

  std::string path_ = "";
  std::size_t lost_ = 0;
  int told_ = 0;  // the last error
  int fd_ = -1;
};

}  // namespace keepalive::io
