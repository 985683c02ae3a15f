// The FileReader of the real world, and one that gives back what another read: the director gets its texts so.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "config/load.hpp"

namespace keepalive {

/// Reads files, and remembers what it gave.
class Files final : public FileReader {
 public:
  struct Memory {
    std::map<std::string, std::string> texts = {};
    std::vector<std::string> sources = {};  // those that were read as configuration and as nothing else
    std::map<std::string, std::vector<std::string>> globs = {};
    std::map<std::string, std::string> faults = {};
    std::map<std::string, std::string> identities = {};  // where they are not the path

    friend bool operator==(const Memory&, const Memory&) = default;
  };

  /// `instead`: what these files hold as far as their readers are concerned. `known`: beside them, nothing is read but
  /// what was read then, as what it was read; it must outlive this.
  explicit Files(std::map<std::string, std::string> instead = {}, const Memory* known = nullptr)
      : instead_{std::move(instead)}, known_{known} {}

  tl::expected<std::string, std::string> read(const std::string& path) const override;
  tl::expected<std::string, std::string> read_source(const std::string& path) const override;
  tl::expected<std::string, std::string> read_secret(const std::string& path) const override;
  tl::expected<std::vector<std::string>, std::string> glob(const std::string& pattern) const override;
  std::string identity(const std::string& path) const override;
  const Memory& memory() const& { return memory_; }
  Memory memory() && { return std::move(memory_); }

 private:
  using Text = tl::expected<std::string, std::string>;
  Text remember(const std::string& path, Text text) const;
  void take_for_content(const std::string& path) const;
  enum class As : std::uint8_t { source, content };
  bool open_to_us(const std::string& path, As as) const;

  std::map<std::string, std::string> instead_;
  const Memory* known_;
  mutable Memory memory_ = {};
  mutable std::set<std::string> contents_ = {};  // paths that were read as something else than configuration
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
