#include "option_reader.hpp"

namespace ipvsadm {

OptionReader::Item OptionReader::next() {
  while (!cluster_) {
    if (rest_.empty()) return {};
    word_ = rest_.front();
    rest_ = rest_.subspan(1);
    if (options_ended_ || word_.size() < 2 || word_.front() != '-') {
      arguments_.push_back(word_);
    } else if (word_ == "--") {
      options_ended_ = true;
    } else if (word_[1] == '-') {
      return long_option(word_.substr(2));
    } else {
      cluster_ = word_.substr(1);
    }
  }
  return short_option();
}

OptionReader::Item OptionReader::long_option(std::string_view text) {
  const std::size_t equals = text.find('=');
  const Switch* option = find_switch(text.substr(0, equals), dialect_);
  if (!option) return {.fault = Fault::unknown_option};
  if (equals == std::string_view::npos) return with_argument(*option, std::nullopt);
  if (option->argument == Argument::none) return {.fault = Fault::unwanted_argument};
  return with_argument(*option, text.substr(equals + 1));
}

OptionReader::Item OptionReader::short_option() {
  const char letter = cluster_->empty() ? '\0' : cluster_->front();
  const Switch* option = find_switch(letter, dialect_);
  if (!option) {
    cluster_.reset();
    return {.fault = Fault::unknown_option};
  }
  std::string_view rest = cluster_->substr(1);
  cluster_.reset();
  if (rest.empty()) return with_argument(*option, std::nullopt);
  if (rest.front() == '=') {
    if (option->argument == Argument::none) return {.fault = Fault::unwanted_argument};
    rest.remove_prefix(1);
  }
  if (option->argument != Argument::none) return with_argument(*option, rest);
  cluster_ = rest;
  return {.option = option};
}

OptionReader::Item OptionReader::with_argument(const Switch& option, std::optional<std::string_view> attached) {
  if (option.argument == Argument::none || attached) return {.option = &option, .argument = attached};
  const bool optional = option.argument == Argument::optional;
  if (rest_.empty()) {
    if (optional) return {.option = &option};
    return {.fault = Fault::missing_argument};
  }
  if (optional && rest_.front().starts_with('-')) return {.option = &option};
  word_ = rest_.front();
  rest_ = rest_.subspan(1);
  return {.option = &option, .argument = word_};
}

}  // namespace ipvsadm
