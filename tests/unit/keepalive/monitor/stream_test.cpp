// One text for all viewers.
#include "monitor/stream.hpp"

#include <doctest/doctest.h>

#include "monitor/gzip.hpp"

using namespace keepalive::monitor;

namespace {

struct Viewer final : Reply {
  void give(const Answer&) override {}
  void begin(const Answer& answer) override {
    type = answer.type;
    for (const auto& [name, value] : answer.headers)
      if (name == "Content-Encoding") encoding = value;
  }
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
  std::string encoding = "";
  std::string heard = "";
  std::vector<Text> texts = {};
  bool alive = true;
};

Stream::Wish since(std::optional<std::uint64_t> number) {
  return {.since = number, .may = [] { return true; }};
}

}  // namespace

TEST_CASE("viewers share each event's text; who is gone is forgotten") {
  Stream stream{100};
  const auto one = std::make_shared<Viewer>();
  const auto two = std::make_shared<Viewer>();
  stream.join(one, since(std::nullopt));
  stream.join(two, since(std::nullopt));
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
  const auto heard = [&](std::uint64_t number) {
    const auto viewer = std::make_shared<Viewer>();
    stream.join(viewer, since(number));
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
  stream.join(viewer, {.may = [&] { return may; }});
  stream.beat();
  CHECK(viewer->heard == "retry: 2000\n\n: alive\n\n");
  may = false;
  stream.beat();
  CHECK_FALSE(viewer->alive);
  CHECK(stream.viewers() == 0);
}

TEST_CASE("figures of a pool's servers go to those who look at it, and are not told again") {
  Stream stream{1};
  const auto one = std::make_shared<Viewer>();
  const auto two = std::make_shared<Viewer>();
  stream.join(one, {.pools = {"web", "mail"}, .may = [] { return true; }}, {Stream::event("figures", "7")});
  stream.join(two, since(std::nullopt));
  stream.publish_pool("web", "figures", "1");
  stream.publish_pool("dns", "figures", "2");
  stream.say("beat", "{}");
  CHECK(one->heard == "retry: 2000\n\nevent: figures\ndata: 7\n\nevent: figures\ndata: 1\n\nevent: beat\ndata: {}\n\n");
  CHECK(two->heard == "retry: 2000\n\nevent: beat\ndata: {}\n\n");
  CHECK(stream.last() == 0);
  CHECK(stream.looked() == std::set<std::string>{"mail", "web"});
}

TEST_CASE("who takes gzip gets it, made once for all of them") {
  Stream stream{1};
  const auto plain = std::make_shared<Viewer>();
  const auto one = std::make_shared<Viewer>();
  const auto two = std::make_shared<Viewer>();
  stream.join(plain, since(std::nullopt));
  stream.join(one, {.packed = true, .may = [] { return true; }});
  stream.publish("state", "{}");
  stream.join(two, {.since = 0, .packed = true, .may = [] { return true; }});
  CHECK(one->heard ==
        std::string{gzip_begin()} + gzip_piece("retry: 2000\n\n") + gzip_piece("id: 1\nevent: state\ndata: {}\n\n"));
  CHECK(one->encoding == "gzip");
  CHECK(plain->encoding.empty());
  CHECK(one->texts.back() == two->texts.back());
}
