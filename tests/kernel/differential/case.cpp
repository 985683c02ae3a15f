#include "case.hpp"

#include <algorithm>
#include <fstream>
#include <functional>
#include <map>
#include <stdexcept>

namespace differential {
namespace {

using Cursor = std::string::const_iterator;

std::string unescape(const std::string& text);

// After a backslash between double quotes: \n \t \r \0 \xHH, \{COUNT TEXT} where TEXT takes escapes, else the character itself.
std::string escape(Cursor& at, Cursor end) {
  static const std::map<char, char> controls = {{'n', '\n'}, {'t', '\t'}, {'r', '\r'}, {'0', '\0'}};
  if (at == end) throw std::runtime_error("backslash at the end");
  const char kind = *at++;
  if (auto control = controls.find(kind); control != controls.end()) return {control->second};
  if (kind == 'x' && end - at >= 2) {
    const std::string digits{at, at + 2};
    at += 2;
    return {static_cast<char>(std::stoi(digits, nullptr, 16))};
  }
  if (kind != '{') return {kind};
  const auto space = std::find(at, end, ' ');
  const auto brace = std::find(space, end, '}');
  if (brace == end) throw std::runtime_error("\\{COUNT TEXT} is not closed");
  std::string repeated;
  const std::string text = unescape({space + 1, brace});
  for (int count = std::stoi(std::string{at, space}); count > 0; --count) repeated += text;
  at = brace + 1;
  return repeated;
}

std::string unescape(const std::string& text) {
  std::string plain;
  for (auto at = text.begin(); at != text.end();) {
    if (*at == '\\') {
      plain += escape(++at, text.end());
    } else {
      plain += *at++;
    }
  }
  return plain;
}

// One quoted part of a word; `at` is behind the opening quote.
std::string quoted(char quote, Cursor& at, Cursor end) {
  std::string part;
  while (at != end && *at != quote) {
    if (quote == '"' && *at == '\\') {
      part += escape(++at, end);
    } else {
      part += *at++;
    }
  }
  if (at == end) throw std::runtime_error("open quote");
  ++at;
  return part;
}

struct Block {
  Case common = {};
  std::vector<Case> alone = {};
  Step* step = nullptr;  // the latest
};

// Reads one file; every kind of line has its function in `kinds`.
class Reader {
 public:
  explicit Reader(std::string path) : path_{std::move(path)} {}

  std::vector<Case> read() {
    std::ifstream file{path_};
    if (!file) throw std::runtime_error(path_ + ": cannot be read");
    for (std::string line; std::getline(file, line);) {
      ++number_;
      if (line.empty() || line[0] == '#') continue;
      try {
        take(line);
      } catch (const std::exception& error) {
        throw std::runtime_error(path_ + ":" + std::to_string(number_) + ": " + error.what());
      }
    }
    finish();
    return std::move(cases_);
  }

 private:
  void take(const std::string& line) {
    const char kind = line[0];
    std::string rest = line.size() > 2 && line[1] == ' ' ? line.substr(2) : line.substr(1);
    switch (kind) {
      case '=':
        return title(rest);
      case '%':
        return block().common.setup.programs.push_back(split(rest));
      case '~':
        return block().common.setup.traffic.push_back(split(rest));
      case '+':
        block().common.setup.rules += rest + "\n";
        return;
      case '$':
        return step(line);
      case '*':
        return alone(rest);
      case '<':
        return input(line);
      case '@':
        return modifier(rest);
      case '!':
        return documented(line);
      default:
        throw std::runtime_error("no such kind of line: " + line);
    }
  }

  void title(const std::string& text) {
    finish();
    block_.emplace();
    block_->common.file = path_;
    block_->common.title = text;
  }

  void finish() {
    if (!block_) return;
    if (!block_->common.steps.empty()) cases_.push_back(block_->common);
    for (Case& one : block_->alone) cases_.push_back(std::move(one));
    block_.reset();
  }

  Block& block() {
    if (!block_) throw std::runtime_error("no title before this line");
    return *block_;
  }

  Step& latest() {
    if (block().step == nullptr) throw std::runtime_error("no step before this line");
    return *block().step;
  }

  Step made(const std::string& arguments) const {
    Step step;
    step.line = number_;
    step.text = arguments;
    step.arguments = split(arguments);
    return step;
  }

  void step(const std::string& line) {
    const auto space = std::min(line.find(' '), line.size());
    Step step = made(space < line.size() ? line.substr(space + 1) : "");
    if (space > 1) step.program = line.substr(1, space - 1);
    block().common.steps.push_back(std::move(step));
    block().step = &block().common.steps.back();
  }

  void alone(const std::string& arguments) {
    Case one = block().common;
    one.steps = {made(arguments)};
    one.title += ": " + arguments;
    block().alone.push_back(std::move(one));
    block().step = &block().alone.back().steps.back();
  }

  void input(const std::string& line) {
    Step& step = latest();
    step.input = Input::text;
    if (line.starts_with("<\\")) {
      step.input_text += unescape(line.size() > 3 ? line.substr(3) : "");
    } else {
      step.input_text += (line.size() > 2 ? line.substr(2) : "") + "\n";
    }
  }

  void modifier(const std::string& text) {
    static const std::map<std::string, std::function<void(Step&)>> known = {
        {"closed stdin", [](Step& step) { step.input = Input::closed; }},
        {"directory stdin", [](Step& step) { step.input = Input::directory; }},
        {"closed stdout", [](Step& step) { step.output = Output::closed; }},
        {"full stdout", [](Step& step) { step.output = Output::full; }},
        {"closed stderr", [](Step& step) { step.closed_stderr = true; }},
        {"as nobody", [](Step& step) { step.nobody = true; }},
    };
    if (text == "same namespace") {
      block().common.same_namespace = true;
    } else if (text.starts_with("argv0 ")) {
      latest().argv0 = text.substr(6);
    } else if (auto found = known.find(text); found != known.end()) {
      found->second(latest());
    } else {
      throw std::runtime_error("unknown modifier: " + text);
    }
  }

  void documented(const std::string& line) {
    auto& documented = latest().documented;
    if (line.starts_with("! ")) {
      documented.emplace();
      documented->reason = line.substr(2);
      return;
    }
    if (!documented) throw std::runtime_error("no reason before this line");
    const std::string word = line.substr(1, line.find(' ') - 1);
    const std::string text = word.size() + 2 <= line.size() ? line.substr(word.size() + 2) + "\n" : "";
    if (word == "exit") {
      documented->exit = std::stoi(text);
    } else if (word == "state") {
      documented->state = true;
    } else if (word == "out" || word == "err") {
      auto& stream = word == "out" ? documented->out : documented->err;
      stream = stream.value_or("") + text;
    } else {
      throw std::runtime_error("unknown expectation: " + line);
    }
  }

  std::string path_;
  int number_ = 0;
  std::optional<Block> block_ = std::nullopt;
  std::vector<Case> cases_ = {};
};

}  // namespace

std::vector<std::string> split(const std::string& text) {
  std::vector<std::string> words;
  bool in_word = false;
  for (auto at = text.begin(); at != text.end();) {
    const char next = *at++;
    if (next == ' ') {
      in_word = false;
      continue;
    }
    if (!in_word) words.emplace_back();
    in_word = true;
    if (next == '\'' || next == '"') {
      words.back() += quoted(next, at, text.end());
    } else {
      words.back() += next;
    }
  }
  return words;
}

std::vector<Case> read_cases(const std::string& path) { return Reader{path}.read(); }

}  // namespace differential
