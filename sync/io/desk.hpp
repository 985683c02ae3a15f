// Where the tools ask a running agent: a Unix socket, a line in, JSON out, end.
#pragma once

#include <boost/asio/io_context.hpp>
#include <functional>
#include <memory>
#include <string>
#include <tl/expected.hpp>

namespace ipvs::sync {

class ControlDesk {
 public:
  using Answer = std::function<std::string(const std::string& request)>;

  /// Makes the socket at `path`, mode 0600; one that nobody listens at is replaced, any other file is not. The
  /// error is a sentence.
  static tl::expected<std::unique_ptr<ControlDesk>, std::string> open(boost::asio::io_context& io,
                                                                      const std::string& path, Answer answer);
  /// Takes the socket away, unless another one is there by now.
  ~ControlDesk();

 private:
  struct State;
  explicit ControlDesk(std::shared_ptr<State> state) : state_{std::move(state)} {}

  std::shared_ptr<State> state_;
};

/// Asks the agent at `path`; the error is a sentence that says what to do.
tl::expected<std::string, std::string> ask_agent(const std::string& path, const std::string& request);

}  // namespace ipvs::sync
