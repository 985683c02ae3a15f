// One text for all viewers.
#include "monitor/stream.hpp"

#include <doctest/doctest.h>

using namespace keepalive::monitor;

namespace {

struct Viewer final : Reply {
  void give(const Answer&) override {}
  void begin(const Answer& answer) override { type = answer.type; }
  bool send(Text text) override {
    if (!alive) return false;
    texts.push_back(text);
    heard += *text;
    return true;
  }
  void end() override { alive = false; }
  bool open() const override { return alive; }
  void know() override {}
  void on_gone(std::function<void()>) override {}

  std::string type = "";
  std::string heard = "";
  std::vector<Text> texts = {};
  bool alive = true;
};

const std::function<bool()> always = [] { return true; };

}  // namespace

TEST_CASE("viewers share each event's text; who is gone is forgotten") {
  Stream stream{100};
  const auto one = std::make_shared<Viewer>();
  const auto two = std::make_shared<Viewer>();
  stream.join(one, std::nullopt, always);
  stream.join(two, std::nullopt, always);
  stream.publish("state", "{}");
  CHECK(one->type == "text/event-stream");
  CHECK(one->heard == "retry: 2000\n\nid: 100\nevent: state\ndata: {}\n\n");
  CHECK(one->texts.back() == two->texts.back());
  one->alive = false;
  stream.publish("state", "{}");
  CHECK(stream.viewers() == 1);
}

TEST_CASE("who comes back gets what he missed, or is told to read anew") {
  Stream stream{100};
  stream.publish("a", "1");
  stream.publish("b", "2");
  const auto heard = [&](std::uint64_t since) {
    const auto viewer = std::make_shared<Viewer>();
    stream.join(viewer, since, always);
    return viewer->heard.substr(13);
  };
  CHECK(heard(101) == "");
  CHECK(heard(100) == "id: 101\nevent: b\ndata: 2\n\n");
  CHECK(heard(99) == "id: 100\nevent: a\ndata: 1\n\nid: 101\nevent: b\ndata: 2\n\n");
  CHECK(heard(98) == "id: 101\nevent: resync\ndata: {}\n\n");
  CHECK(heard(102) == "id: 101\nevent: resync\ndata: {}\n\n");
  CHECK(heard(UINT64_MAX) == "id: 101\nevent: resync\ndata: {}\n\n");
  for (std::size_t i = 0; i < Stream::most_kept; ++i) stream.publish("c", "3");
  CHECK(heard(100).find("resync") != std::string::npos);
  CHECK(heard(101).size() == Stream::most_kept * std::string{"id: 101\nevent: c\ndata: 3\n\n"}.size() +
                                 Stream::most_kept - 898);  // of four digits, but for the first
}

TEST_CASE("who may look no longer is cut at the next beat") {
  Stream stream{1};
  bool may = true;
  const auto viewer = std::make_shared<Viewer>();
  stream.join(viewer, std::nullopt, [&] { return may; });
  stream.beat();
  CHECK(viewer->heard == "retry: 2000\n\n: alive\n\n");
  may = false;
  stream.beat();
  CHECK_FALSE(viewer->alive);
  CHECK(stream.viewers() == 0);
}
