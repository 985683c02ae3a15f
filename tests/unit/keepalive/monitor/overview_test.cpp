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

TEST_CASE("only what changed is told, and the time alone is no change") {
  const Change none = change(with("'time':'1'", "'time':'2'"));
  CHECK_FALSE(none.all);
  CHECK(none.state.empty());
  CHECK(none.services.empty());
  CHECK(none.servers.empty());
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
  CHECK(server.servers == read("{'p/y':[3,4]}"));
  const Change drained = change(with("['y','up',1,10,null,0,0]", "['y','up',1,0,'drain',3,4]"));
  CHECK(drained.servers.empty());
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
    Rates rates;
    auto overview = read(text);
    rates.apply(overview, 1s);
    rates.apply(overview, 2s);
  }
  auto odd = read("{'services':[{'name':'a','counters':[1,'x',-1,1e99,null]}]}");
  Rates rates;
  rates.apply(odd, 1s);
}

TEST_CASE("rates come of counters; a counter that begins anew is no flood") {
  Rates rates;
  auto first = read("{'services':[{'name':'a','counters':[10,100,100,1000,1000]}]}");
  rates.apply(first, 1s);
  CHECK(first == read("{'services':[{'name':'a','rates':null}]}"));
  auto second =
      read("{'services':[{'name':'a','counters':[14,100,50,3000,1003]},{'name':'b','counters':[1,1,1,1,1]}]}");
  rates.apply(second, 3s);
  CHECK(second == read("{'services':[{'name':'a','rates':[2,0,0,1000,2]},{'name':'b','rates':null}]}"));
  auto given = read("{'services':[{'name':'a','rates':[1,2,3,4,5]}]}");
  rates.apply(given, 4s);
  CHECK(given == read("{'services':[{'name':'a','rates':[1,2,3,4,5]}]}"));
}

TEST_CASE("asking takes a fiftieth of the time at most, and comes sooner when something happens") {
  Pace pace;
  pace.took(10ms, 10s);
  CHECK(pace.next() == 11s);
  pace.hurry(10s + 20ms);
  CHECK(pace.next() == 10s + 100ms);
  core::Time now = 10s;
  core::Time spent{};
  Pace slow;
  for (int i = 0; i < 200; ++i) {
    slow.took(150ms, now);
    spent += 150ms;
    slow.hurry(now + 1ms);
    now = slow.next();
  }
  Pace hiccup;
  hiccup.took(20s, 100s);
  CHECK(hiccup.next() <= 110s);
  CHECK(spent <= (now - 10s) / 50 + 100ms + 150ms);
}
