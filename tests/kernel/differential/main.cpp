// The differential suite: calls Debian's ipvsadm and ours alike and compares output, exit status and the
// kernel's table. Runs as root in a kernel with IPVS: tests/lab/lab differential --ours PATH.

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <iostream>
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

#include "case.hpp"
#include "comparison.hpp"
#include "generator.hpp"
#include "namespace.hpp"
#include "traffic.hpp"

namespace {

using namespace differential;

constexpr int skipped = 77;
constexpr const char* usage =
    "Usage: differential [OPTION...]\n"
    "  --ours PATH       the program that claims to be ipvsadm (needed)\n"
    "  --peer PATH       ipvsadm itself (/usr/sbin/ipvsadm)\n"
    "  --cases FOLDER    with *.case and etc/\n"
    "  --file NAME       only this file of cases, without .case; 'generated' for the generator's; repeatable\n"
    "  --only TEXT       only cases whose title has TEXT in it\n"
    "  --shard I/N       the I-th of N parts\n"
    "  --list            print titles, run nothing\n"
    "  --show            print what the peer does, compare nothing\n"
    "  --most N          stop after N differences (200)\n"
    "  --peer-as-ours    compare the peer with itself\n";

struct Options {
  std::string ours = {};
  std::string peer = "/usr/sbin/ipvsadm";
  std::string cases = DIFFERENTIAL_CASES;
  std::vector<std::string> files = {};
  std::string only = {};
  int shard = 1;
  int shards = 1;
  int most = 200;
  bool list = false;
  bool show = false;
};

void take(Options& options, const std::string& name, const std::string& value) {
  if (name == "--ours") {
    options.ours = value;
  } else if (name == "--peer") {
    options.peer = value;
  } else if (name == "--cases") {
    options.cases = value;
  } else if (name == "--file") {
    options.files.push_back(value);
  } else if (name == "--only") {
    options.only = value;
  } else if (name == "--most") {
    options.most = std::stoi(value);
  } else if (name == "--shard" && std::sscanf(value.c_str(), "%d/%d", &options.shard, &options.shards) == 2) {
    return;
  } else {
    throw std::invalid_argument(name);
  }
}

Options read_options(const std::vector<std::string>& words) {
  Options options;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (words[i] == "--list") {
      options.list = true;
    } else if (words[i] == "--show") {
      options.show = true;
    } else if (words[i] == "--peer-as-ours") {
      options.ours = options.peer;
    } else {
      take(options, words[i], words.at(i + 1));
      ++i;
    }
  }
  return options;
}

bool wanted(const Options& options, const std::string& file) {
  // no_kernel is for a kernel without IPVS, by name only.
  if (options.files.empty()) return file != "no_kernel";
  return std::find(options.files.begin(), options.files.end(), file) != options.files.end();
}

std::vector<Case> chosen(const Options& options) {
  std::vector<std::filesystem::path> paths;
  for (const auto& entry : std::filesystem::directory_iterator{options.cases}) {
    if (entry.path().extension() == ".case" && wanted(options, entry.path().stem())) paths.push_back(entry.path());
  }
  std::sort(paths.begin(), paths.end());
  std::vector<Case> all;
  for (const auto& path : paths) {
    auto cases = read_cases(path);
    all.insert(all.end(), cases.begin(), cases.end());
  }
  if (wanted(options, "generated")) {
    auto cases = generated_cases();
    all.insert(all.end(), cases.begin(), cases.end());
  }
  std::erase_if(all, [&](const Case& one) { return one.title.find(options.only) == std::string::npos; });
  return all;
}

// Neighbours stay together, so that namespaces and setups are shared; the parts are dealt in small hands.
bool in_shard(const Options& options, std::size_t index) {
  constexpr std::size_t hand = 16;
  return static_cast<int>(index / hand % static_cast<std::size_t>(options.shards)) == options.shard - 1;
}

struct Tally {
  std::map<Verdict, int> cases = {};
  int generated = 0;
  int steps = 0;
};

Judgement judge(const Case& one, const Program& peer, const Program& ours) {
  Judgement judgement;
  try {
    judgement = compare(one, peer, ours);
  } catch (const std::exception& error) {
    const int line = one.steps.empty() ? 0 : one.steps.front().line;
    judgement = {Verdict::differ,
                 "DIFFER " + one.file + ":" + std::to_string(line) + ": " + one.title + "\n    " + error.what() + "\n"};
  }
  end_traffic();
  return judgement;
}

void run_all(const Options& options, const std::vector<Case>& cases, Tally& tally) {
  const std::string folder = "/tmp/differential." + std::to_string(getpid());
  std::filesystem::create_directory(folder);
  const auto beside = std::filesystem::path{options.peer}.string();
  const bool itself = options.ours == options.peer;
  const Program peer{folder + "/peer", options.peer, beside + "-save", beside + "-restore"};
  const Program ours{folder + "/ours", options.ours, itself ? beside + "-save" : options.ours,
                     itself ? beside + "-restore" : options.ours};
  for (std::size_t i = 0; i < cases.size(); ++i) {
    if (!in_shard(options, i)) continue;
    if (options.show) {
      std::cout << show(cases[i], peer);
      end_traffic();
      continue;
    }
    const Judgement judgement = judge(cases[i], peer, ours);
    ++tally.cases[judgement.verdict];
    tally.generated += cases[i].generated ? 1 : 0;
    tally.steps += static_cast<int>(cases[i].steps.size());
    std::cout << judgement.report << std::flush;
    if (tally.cases[Verdict::differ] >= options.most) {
      std::cout << "stopped after " << options.most << " differences\n";
      break;
    }
  }
  std::filesystem::remove_all(folder);
}

int run(const Options& options) {
  const auto cases = chosen(options);
  if (options.list) {
    for (const Case& one : cases) std::cout << one.file << ":" << one.steps.front().line << ": " << one.title << "\n";
    return 0;
  }
  for (const std::string& program : {options.ours, options.peer}) {
    if (access(program.c_str(), X_OK) == 0) continue;
    std::cout << "SKIPPED: no program " << (program.empty() ? "of ours (--ours)" : program) << "\n";
    return skipped;
  }
  lay_over_etc(options.cases + "/etc");
  const auto start = std::chrono::steady_clock::now();
  Tally tally;
  run_all(options, cases, tally);
  const int differ = tally.cases[Verdict::differ];
  const int same = tally.cases[Verdict::same];
  const int documented = tally.cases[Verdict::documented];
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(std::chrono::steady_clock::now() - start);
  std::cout << same + documented + differ << " cases: " << same << " same, " << documented << " documented, " << differ
            << " differ (" << tally.generated << " generated, " << tally.steps << " calls of each program, "
            << seconds.count() << " s)\n";
  return differ == 0 ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return run(read_options({argv + 1, argv + argc}));
  } catch (const std::logic_error& error) {
    std::cerr << "differential: " << error.what() << "\n" << usage;
  } catch (const std::exception& error) {
    std::cerr << "differential: " << error.what() << "\n";
  }
  return 2;
}
