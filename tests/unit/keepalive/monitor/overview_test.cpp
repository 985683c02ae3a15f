// What viewers are told of two overviews, and how often one is asked for.
#include "monitor/overview.hpp"

#include <doctest/doctest.h>

#include <boost/json.hpp>

using namespace keepalive;
using namespace keepalive::monitor;
using namespace std::chrono_literals;

namespace {

boost::json::object read(std::string text) {
  for (char& c : text)
    if (c == '\'') c = '"';
  return boost::json::parse(text).as_object();
}

const std::string before = R"({'time':'1','generation':1,
  'services':[{'name':'a','state':'up','active':1,'inactive':0,'rates':[1,2,3,4,5]},{'name':'b','state':'up','active':0,'inactive':0}],
  'pools':[{'name':'p','state':'up','servers':[['x','up',1,10,null,1,0],['y','up',1,10,null,0,0]],'sorry':null},
           {'name':'q','state':'up','servers':[],'sorry':null}]})";

std::string with(const std::string& what, const std::string& by) {
  std::string text = before;
  const auto at = text.find(what);
  REQUIRE(at != std::string::npos);
  return text.replace(at, what.size(), by);
}

Change change(const std::string& now) { return compare(read(before), read(now)); }

}  // namespace

TEST_CASE("what an answer says that it cost counts up to a minute") {
  using namespace std::chrono;
  CHECK((monitor::told_cost(1500) == microseconds{1500}));
  CHECK((monitor::told_cost(60'000'000) == minutes{1}));
  CHECK((monitor::told_cost(UINT64_MAX) == minutes{1}));
}

TEST_CASE("only what changed is told, and the time alone is no change") {
  const Change none = change(with("'time':'1'", "'time':'2'"));
  CHECK_FALSE(none.all);
  CHECK(none.state.empty());
  CHECK(none.services.empty());
  CHECK(none.pools.empty());
  CHECK(change(with("'generation':1", "'generation':2")).state == read("{'generation':2}"));
}

TEST_CASE("connections and rates are figures, everything else is state") {
  const Change moved = change(with("'active':1,'inactive':0,'rates':[1,2", "'active':7,'inactive':0,'rates':[1,9"));
  CHECK(moved.state.empty());
  CHECK(moved.services == read("{'a':[7,0,1,9,3,4,5]}"));
  const Change down = change(with("'b','state':'up'", "'b','state':'down'"));
  CHECK(down.state == read("{'services':[{'name':'b','state':'down','active':0,'inactive':0}]}"));
  CHECK(down.services.empty());
  const Change server = change(with("['y','up',1,10,null,0,0]", "['y','up',1,10,null,3,4]"));
  CHECK(server.state.empty());
  CHECK(server.pools.at("p") == read("{'p/y':[3,4]}"));
  CHECK(change(with("['y','up',1,10,null,0,0]", "['y','up',1,10,null,0,0,500]")).pools.empty());  // latency alone
  const Change drained = change(with("['y','up',1,10,null,0,0]", "['y','up',1,0,'drain',3,4]"));
  CHECK(drained.pools.empty());
  CHECK(items(drained.state, "pools").size() == 1);
  CHECK(text(items(drained.state, "pools")[0].as_object(), "name") == "p");
}

TEST_CASE("other services or pools are read anew") {
  CHECK(change(with("'name':'a'", "'name':'c'")).all);
  CHECK(change(with("{'name':'a','state':'up','active':1,'inactive':0,'rates':[1,2,3,4,5]},", "")).all);
  CHECK(change(with("'name':'q'", "'name':'r'")).all);
}

TEST_CASE("what a director says wrongly harms nothing") {
  for (const auto* const text :
       {"{}", "{'services':1}", "{'services':[1],'pools':[2]}", "{'services':[{}],'pools':[{}]}",
        "{'services':[{'name':1}],'pools':[{'name':'p','servers':[1,[2],['x']]}]}"}) {
    compare(read(text), read(before));
    compare(read(before), read(text));
    compare(read(text), read(text));
    View view;
    view.take(read(text));
    view.take(read(before));
    view.add(read(text));
    view.take(read(text));
    view.add(read(before));
    view.figures("p");
    view.pool_of("a");
  }
  View view;
  view.take(read(before));
  for (const auto* const rates :
       {"1", "[1]", "[['a']]", "[['a',1,2,3,4,5,6]]", "[[1,2,3,4,5,6]]", "[['none',1,2,3,4,5]]"})
    CHECK(view.add(read(std::string{"{'generation':1,'rates':"} + rates + "}")).services.empty());
}

TEST_CASE("an answer about some is merged with what is known of the others") {
  View view;
  CHECK_FALSE(view.known());
  CHECK(view.add(read(before)).all);
  CHECK(view.take(read(before)).state.empty());
  const Change change = view.add(read(R"({'generation':1,'time':'2','sequence':5,
    'services':[{'name':'a','state':'down','active':1,'inactive':0,'rates':[1,2,3,4,5]}],
    'rates':[['a',1,2,3,4,5],['b',9,8,7,6,5]],
    'pools':[{'name':'p','state':'up','servers':[['x','up',1,10,null,7,0],['y','up',1,10,null,0,0]],'sorry':null}]})"));
  CHECK_FALSE(change.all);
  CHECK(change.state == read(R"({'sequence':5,'services':[
    {'name':'a','state':'down','active':1,'inactive':0,'rates':[1,2,3,4,5]}]})"));
  CHECK(change.services == read("{'b':[0,0,9,8,7,6,5]}"));
  CHECK(change.pools.size() == 1);
  CHECK(change.pools.at("p") == read("{'p/x':[7,0]}"));
  CHECK(view.figures("p") == read("{'p/x':[7,0],'p/y':[0,0]}"));
  CHECK(view.figures("none").empty());
  CHECK(text(view.overview(), "time") == "2");
  CHECK(items(view.overview(), "services").size() == 2);
  CHECK_FALSE(view.overview().contains("rates"));
}

TEST_CASE("what does not fit is not merged: another configuration, names that are not known") {
  View view;
  view.take(read(before));
  for (const auto* const part :
       {"{'generation':2}", "{'generation':1,'pools':[{'name':'z'}]}", "{'generation':1,'services':[{'name':'z'}]}"})
    CHECK(view.add(read(part)).all);
  CHECK(view.overview() == read(before));
}

TEST_CASE("an entry of the journal touches the pool of its server, its pool, or that of its service") {
  View view;
  view.take(read(R"({'services':[{'name':'site','pool':'web'}],'pools':[{'name':'web','servers':[]}]})"));
  CHECK(view.pool_of("web/10.0.0.11:80") == "web");
  CHECK(view.pool_of("web") == "web");
  CHECK(view.pool_of("site") == "web");
  CHECK(view.pool_of("v1").empty());
}

TEST_CASE("asking takes its share of the time at most, and comes sooner when something happens") {
  Pace pace{50};
  pace.took(10ms, 10s);
  CHECK(pace.next() == 11s);
  pace.hurry(10s + 20ms);
  CHECK(pace.next() == 10s + 100ms);
  pace.skip(10s + 50ms);
  CHECK(pace.next() == 11s + 50ms);
  core::Time now = 10s;
  core::Time spent{};
  Pace slow{50};
  for (int i = 0; i < 200; ++i) {
    slow.took(150ms, now);
    spent += 150ms;
    slow.hurry(now + 1ms);
    now = slow.next();
  }
  Pace hiccup{50};
  hiccup.took(20s, 100s);
  CHECK(hiccup.next() <= 110s);
  CHECK(spent <= (now - 10s) / 50 + 100ms + 150ms);
}
