// The FileReader of the real world, and one that gives back what another read: the director gets its texts so.
#pragma once

#include <map>
#include <string>

#include "config/load.hpp"

namespace keepalive {

/// Reads files, and remembers what it gave.
class Files final : public FileReader {
 public:
  struct Memory {
    std::map<std::string, std::string> texts = {};
    std::map<std::string, std::vector<std::string>> globs = {};
    std::map<std::string, std::string> faults = {};
    std::map<std::string, std::string> identities = {};  // where they are not the path

    friend bool operator==(const Memory&, const Memory&) = default;
  };

  tl::expected<std::string, std::string> read(const std::string& path) const override;
  tl::expected<std::string, std::string> read_secret(const std::string& path) const override;
  tl::expected<std::vector<std::string>, std::string> glob(const std::string& pattern) const override;
  std::string identity(const std::string& path) const override;
  const Memory& memory() const& { return memory_; }
  Memory memory() && { return std::move(memory_); }

 private:
  using Text = tl::expected<std::string, std::string>;
  Text remember(const std::string& path, Text text) const;

  mutable Memory memory_ = {};
};

/// Gives what was remembered, which must outlive it.
class Remembered final : public FileReader {
 public:
  explicit Remembered(const Files::Memory& memory) : memory_{memory} {}
  tl::expected<std::string, std::string> read(const std::string& path) const override;
  tl::expected<std::string, std::string> read_secret(const std::string& path) const override { return read(path); }
  tl::expected<std::vector<std::string>, std::string> glob(const std::string& pattern) const override;
  std::string identity(const std::string& path) const override;

 private:
  const Files::Memory& memory_;
};

/// The process's environment.
base::ini::Environment environment();

}  // namespace keepalive
