#include "io/runner.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <csignal>

#include "io/process.hpp"

namespace keepalive::io {
namespace {

using boost::system::error_code;

constexpr std::size_t longest_line = 500;
constexpr std::size_t most_reads = 64;                   // of what a process left in its pipe
constexpr std::uint64_t fnv_start = 0xcbf29ce484222325;  // FNV-1a
constexpr std::uint64_t fnv_prime = 0x100000001b3;
constexpr auto search_path = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/// A file without a name that holds the text; -1 for none.
int text_file(const std::string& text) {
  if (text.empty()) return -1;
  const int fd = memfd_create("input", MFD_CLOEXEC);
  if (fd < 0 || pwrite(fd, text.data(), text.size(), 0) == static_cast<ssize_t>(text.size())) return fd;
  ::close(fd);
  return -1;
}

}  // namespace

struct Runner::Job : std::enable_shared_from_this<Job> {
  Job(boost::asio::io_context& io, const Order& order, int output, pid_t process)
      : id{order.id}, leave_nothing{order.leave_nothing}, pid{process}, pipe{io, output}, limit{io} {}

  void read() {
    pipe.async_read_some(boost::asio::buffer(buffer),
                         [self = shared_from_this()](const error_code& error, std::size_t size) {
                           if (error) return;
                           self->keep(size);
                           self->read();
                         });
  }
  /// Whatever is there already: the process has ended.
  void read_rest() {
    error_code error;
    pipe.non_blocking(true, error);
    for (std::size_t reads = 0; !error && reads < most_reads; ++reads)
      if (const std::size_t size = pipe.read_some(boost::asio::buffer(buffer), error); size > 0) keep(size);
    pipe.close(error);
  }
  void keep(std::size_t size) {
    for (std::size_t i = 0; i < size; ++i) digest = (digest ^ static_cast<unsigned char>(buffer[i])) * fnv_prime;
    if (line.size() < longest_line) line.append(buffer.data(), std::min(size, longest_line - line.size()));
  }

  std::uint32_t id;
  bool leave_nothing;
  pid_t pid;
  bool timed_out = false;
  std::string line = "";
  std::uint64_t digest = fnv_start;
  std::array<char, 4096> buffer = {};
  boost::asio::posix::stream_descriptor pipe;
  boost::asio::steady_timer limit;
};

void Runner::run(Order order) {
  std::array<int, 2> output{-1, -1};
  order.environment.emplace("PATH", search_path);
  const bool piped = pipe2(output.data(), O_CLOEXEC) == 0;
  const int input = text_file(order.input);
  const auto pid = piped ? spawn({.argv = std::move(order.argv),
                                  .environment = std::move(order.environment),
                                  .user = std::move(order.user),
                                  .input = input,
                                  .output = output[1],
                                  .own_group = true})
                         : tl::unexpected<std::string>{"no pipe is to be had"};
  for (const int fd : {input, output[1]})
    if (fd >= 0) ::close(fd);
  if (!pid) {
    if (output[0] >= 0) ::close(output[0]);
    return boost::asio::post(io_, [done = done_, id = order.id, text = pid.error()] {
      done({.id = id, .exit_code = core::never_ran, .line = text});
    });
  }
  const auto job = std::make_shared<Job>(io_, order, output[0], *pid);
  jobs_.emplace(*pid, job);
  job->read();
  job->limit.expires_after(std::chrono::milliseconds{order.limit_ms});
  job->limit.async_wait([job](const error_code& error) {
    if (error) return;
    job->timed_out = true;
    ::kill(-job->pid, SIGKILL);
  });
}

bool Runner::ended(int pid, int status) {
  const auto found = jobs_.find(pid);
  if (found == jobs_.end()) return false;
  const std::shared_ptr<Job> job = found->second;
  jobs_.erase(found);
  job->limit.cancel();
  job->read_rest();
  if (job->leave_nothing || job->timed_out) ::kill(-job->pid, SIGKILL);
  done_({.id = job->id,
         .exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status),
         .timed_out = job->timed_out,
         .line = job->line.substr(0, job->line.find('\n')),
         .digest = job->digest});
  return true;
}

void Runner::kill_all() {
  for (const auto& [pid, job] : jobs_) ::kill(-pid, SIGKILL);
}

}  // namespace keepalive::io
