// Writes the configuration's files, and keeps what was in them: the last versions, and the one that waits to be
// confirmed, which is rolled back by itself. The launcher has it, for it outlives directors; what must outlive the
// launcher is in a folder of its own.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <functional>
#include <optional>
#include <string>

#include "core/launch.hpp"

namespace keepalive {

class Scribe {
 public:
  static constexpr std::size_t most_versions = 20;

  struct Hooks {
    /// Reads the configuration as it is in the files.
    std::function<core::Bundle()> read;
    /// Why these texts are not to be written; empty: they are.
    std::function<std::string(const core::Texts&)> objection;
    /// To the director; false: there is none.
    std::function<bool(const core::Launch&)> tell;
  };
  Scribe(boost::asio::io_context& io, std::string folder, Hooks hooks)
      : folder_{std::move(folder)}, hooks_{std::move(hooks)}, timer_{io} {}

  /// At start, before anything is read: rolls back what nobody has confirmed in time, and waits for what may be yet.
  void begin();
  /// A director has started.
  void greet();
  /// WriteFiles, ConfirmFiles, AskVersions; all others are not for it.
  void hear(const core::Launch& message);

 private:
  void take(const core::WriteFiles& order);
  void take(const core::ConfirmFiles& order);
  void take(const core::AskVersions& question);
  std::string write(const core::WriteFiles& order, const core::Texts& found, std::uint64_t& number);
  core::Texts files() const;
  /// The version of what is in the files, which is made if the newest is another.
  std::uint64_t keep(const core::Texts& texts);
  std::uint64_t add(core::ConfigVersion version);
  void roll_back();
  void wait();
  bool set_pending(std::optional<core::Pending> pending);
  void forget_old();

  std::vector<std::uint64_t> numbers() const;  // ascending
  std::optional<core::ConfigVersion> version(std::uint64_t number) const;
  std::string file(std::uint64_t number) const { return folder_ + "/" + std::to_string(number); }
  std::string pending_file() const { return folder_ + "/pending"; }

  std::string folder_;
  Hooks hooks_;
  boost::asio::steady_timer timer_;
  std::optional<core::Pending> pending_ = std::nullopt;
};

}  // namespace keepalive
