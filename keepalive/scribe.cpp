#include "scribe.hpp"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <filesystem>

#include "base/bytes.hpp"
#include "base/text.hpp"
#include "io/log.hpp"
#include "io/rewrite.hpp"
#include "io/state_file.hpp"

namespace keepalive {
namespace {

using io::Level;

constexpr std::chrono::seconds again{10};
constexpr mode_t folder_mode = 0700;

core::Time since_1970() {
  return std::chrono::duration_cast<core::Time>(std::chrono::system_clock::now().time_since_epoch());
}

/// Those of `wanted` that are not so in `found`.
core::Texts differing(const core::Texts& wanted, const core::Texts& found) {
  core::Texts texts;
  for (const auto& [path, text] : wanted)
    if (const auto now = found.find(path); now == found.end() || now->second != text) texts[path] = text;
  return texts;
}

}  // namespace

void Scribe::begin() {
  pending_ = core::decode_pending(base::as_bytes(io::read_file(pending_file())));
  if (pending_) wait();
}

void Scribe::greet() { hooks_.tell(core::PendingIs{pending_}); }

void Scribe::hear(const core::Launch& message) {
  if (const auto* const order = std::get_if<core::WriteFiles>(&message)) take(*order);
  if (const auto* const order = std::get_if<core::ConfirmFiles>(&message)) take(*order);
  if (const auto* const question = std::get_if<core::AskVersions>(&message)) take(*question);
}

// ---- What the director wants

void Scribe::take(const core::WriteFiles& order) {
  core::Wrote answer{.id = order.id};
  const core::Texts found = files();
  if (found != order.before)
    answer.fault =
        "the files are not as they were read: somebody has edited them by hand. Nothing is written: reload, and look "
        "at what is there";
  else
    answer.fault = write(order, found, answer.version);
  hooks_.tell(core::PendingIs{pending_});
  hooks_.tell(answer);
}

/// What waits to be confirmed is told to the folder first: whatever happens in between, it comes to an end.
std::string Scribe::write(const core::WriteFiles& order, const core::Texts& found, std::uint64_t& number) {
  const auto old_version = order.of != 0 ? version(order.of) : std::nullopt;
  for (const auto& [path, text] : order.files)
    if (!found.contains(path) && !(old_version && old_version->texts.contains(path)))
      return fmt::format("{} is no file of the configuration", path);
  if (std::string fault = hooks_.objection(order.files); !fault.empty()) return fault;
  if (::mkdir(folder_.c_str(), folder_mode) != 0 && errno != EEXIST)
    return fmt::format("cannot make {}: {}", folder_, std::strerror(errno));
  const std::uint64_t before = keep(found);
  core::Texts all = order.files;
  all.insert(found.begin(), found.end());
  number =
      before == 0
          ? 0
          : add({.by = order.by, .comment = order.comment, .generation = order.generation, .texts = std::move(all)});
  if (number == 0) return fmt::format("cannot keep a version in {}: {}", folder_, std::strerror(errno));
  const auto old = pending_;
  const core::Time term = std::chrono::seconds{order.confirm_s};
  const core::Pending pending{
      .version = number, .back_to = old ? old->back_to : before, .until = since_1970() + term, .term = term};
  std::string fault;
  if (order.confirm_s != 0 && !set_pending(pending))
    fault = fmt::format("cannot write {}: {}", pending_file(), std::strerror(errno));
  if (fault.empty()) fault = io::rewrite(differing(order.files, found));
  if (!fault.empty()) {
    set_pending(old);
    ::unlink(file(number).c_str());
    return fault;
  }
  if (order.confirm_s == 0) set_pending(std::nullopt);
  forget_old();
  return {};
}

void Scribe::take(const core::ConfirmFiles& order) {
  core::Wrote answer{.id = order.id};
  if (pending_)
    answer.version = pending_->version;
  else
    answer.fault = "no version of the configuration waits to be confirmed";
  if (pending_ && !set_pending(std::nullopt))
    answer.fault = fmt::format("cannot remove {}: {}", pending_file(), std::strerror(errno));
  hooks_.tell(core::PendingIs{pending_});
  hooks_.tell(answer);
}

void Scribe::take(const core::AskVersions& question) {
  core::Versions answer{.id = question.id};
  const auto all = numbers();
  for (auto number = all.rbegin(); number != all.rend(); ++number) {
    auto one = version(*number);
    if (!one) continue;
    if (one->number != question.number) one->texts.clear();
    answer.list.push_back(std::move(*one));
  }
  for (const std::string& path : question.paths) answer.writable[path] = io::rewritable(path);
  hooks_.tell(std::move(answer));
}

// ---- Versions

core::Texts Scribe::files() const {
  core::Bundle bundle = hooks_.read();
  core::Texts texts;
  for (const std::string& path : bundle.sources) texts[path] = std::move(bundle.texts[path]);
  return texts;
}

std::vector<std::uint64_t> Scribe::numbers() const {
  std::vector<std::uint64_t> all;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator{folder_, error}) {
    if (const auto number = base::read_number<std::uint64_t>(entry.path().filename().string())) all.push_back(*number);
  }
  std::ranges::sort(all);
  return all;
}

std::optional<core::ConfigVersion> Scribe::version(std::uint64_t number) const {
  return core::decode_version(base::as_bytes(io::read_file(file(number))));
}

std::uint64_t Scribe::keep(const core::Texts& texts) {
  const auto all = numbers();
  const auto newest = all.empty() ? std::nullopt : version(all.back());
  if (newest && newest->texts == texts) return newest->number;
  return add({.comment = all.empty() ? "as it was before the first edit" : "edited by other means", .texts = texts});
}

std::uint64_t Scribe::add(core::ConfigVersion version) {
  const auto all = numbers();
  version.number = all.empty() ? 1 : all.back() + 1;
  version.time = since_1970();
  return io::write_file(file(version.number), encode(version)) ? version.number : 0;
}

void Scribe::forget_old() {
  const auto all = numbers();
  for (std::size_t i = 0; i + most_versions < all.size(); ++i)
    if (!pending_ || all[i] != pending_->back_to) ::unlink(file(all[i]).c_str());
}

// ---- What waits to be confirmed

bool Scribe::set_pending(std::optional<core::Pending> pending) {
  const bool done = pending ? io::write_file(pending_file(), encode(*pending))
                            : ::unlink(pending_file().c_str()) == 0 || errno == ENOENT;
  if (!done) return false;
  io::sync_folder(pending_file());
  pending_ = pending;
  timer_.cancel();
  if (pending_) wait();
  return true;
}

void Scribe::wait() {
  const core::Time left = core::remaining(*pending_, since_1970());
  if (left == core::Time{0}) return roll_back();
  timer_.expires_after(left);
  timer_.async_wait([this](const boost::system::error_code& error) {
    if (!error && pending_) roll_back();
  });
}

/// What others have written meanwhile is kept as a version, but goes, too.
void Scribe::roll_back() {
  const core::Pending late = *pending_;
  const auto old = version(late.back_to);
  const core::Texts found = files();
  std::string fault = old ? "" : fmt::format("version {} is not to be read", late.back_to);
  std::uint64_t number = 0;
  if (fault.empty() && keep(found) != 0)
    number = add(
        {.comment = fmt::format("version {} was not confirmed in time: back to version {}", late.version, late.back_to),
         .texts = old->texts});
  if (fault.empty() && number == 0) fault = fmt::format("cannot keep a version in {}", folder_);
  if (fault.empty()) fault = io::rewrite(differing(old->texts, found));
  if (fault.empty() && !set_pending(std::nullopt)) fault = fmt::format("cannot remove {}", pending_file());
  if (!fault.empty()) {
    io::log(Level::error, "CANNOT_ROLL_BACK", "text=" + io::quoted(fault));
    if (number != 0) ::unlink(file(number).c_str());
    timer_.expires_after(again);
    return timer_.async_wait([this](const boost::system::error_code& error) {
      if (!error && pending_) roll_back();
    });
  }
  forget_old();
  hooks_.tell(core::PendingIs{});
  if (hooks_.tell(core::RolledBack{.version = number, .of = late.back_to})) return;
  io::log(Level::warning, "CONFIG_ROLLED_BACK",
          fmt::format("version={} of={} text=\"version {} was not confirmed in time\"", number, late.back_to,
                      late.version));
}

}  // namespace keepalive
