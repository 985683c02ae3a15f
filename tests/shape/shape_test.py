#!/usr/bin/env python3
"""Sees every check of shape.py fail: each is given a small tree with one fault, and the same tree without it."""

import os
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True  # the sources may be read-only
import shape


def faults(check, files):
    with tempfile.TemporaryDirectory() as root:
        for path, text in files.items():
            os.makedirs(os.path.join(root, os.path.dirname(path)), exist_ok=True)
            with open(os.path.join(root, path), "w", encoding="utf-8") as file:
                file.write(text)
        return list(check(shape.Tree(root)))


def function_of(lines):
    return "int f(int a) {\n" + "  a = R\"({)\"[0] == '{' ? 1 : a;\n" * (lines - 2) + "}\n"


class Shape(unittest.TestCase):
    def good(self, check, files):
        self.assertEqual(faults(check, files), [])

    def bad(self, check, files, *words):
        found = faults(check, files)
        self.assertEqual(len(found), len(words), found)
        for fault, word in zip(found, words):
            self.assertIn(word, fault)

    def test_includes(self):
        for path, header, fault in [
            ("lib/ipvs++/include/ipvs++/a.hpp", "<netlink/netlink.h>", "the library's face"),
            ("lib/ipvs++/include/ipvs++/a.hpp", "<linux/ip_vs.h>", "the library's face"),
            ("lib/ipvs++/include/ipvs++/a.hpp", "<boost/json.hpp>", "the library's face"),
            ("lib/ipvs++/src/a.cpp", '"base/log.hpp"', "the library"),
            ("lib/ipvs++/src/a.cpp", "<boost/json.hpp>", "the library"),
            ("lib/base/a.cpp", '"ipvs++/table.hpp"', "base"),
            ("ipvsadm-ng/run.cpp", "<boost/program_options.hpp>", "ipvsadm-ng"),
            ("ipvsadm-ng/run.cpp", "<boost/asio.hpp>", "ipvsadm-ng"),
            ("ipvsadm-ng/run.cpp", "<netlink/netlink.h>", "ipvsadm-ng"),
            ("ipvsadm-ng/run.cpp", '"../tests/x.hpp"', "ipvsadm-ng"),
            ("sync/parity.cpp", '"ipvs++/client.hpp"', "sync"),
            ("keepalive/core/engine.cpp", "<sys/socket.h>", "keepalive's core"),
            ("keepalive/core/engine.cpp", '"ipvs++/client.hpp"', "keepalive's core"),
            ("keepalive/core/status.cpp", "<boost/json.hpp>", "keepalive's core"),
            ("keepalive/config/load.cpp", "<boost/asio/ip/tcp.hpp>", "keepalive's configuration"),
            ("keepalive/monitor/page.cpp", '"director.hpp"', "keepalive's monitor"),
        ]:
            with self.subTest(path=path, header=header):
                self.bad(shape.includes, {path: f"#include {header}\n"}, f"{path}:1: {fault} may not include {header}")
        for path, header in [
            ("lib/ipvs++/src/a.cpp", "<netlink/netlink.h>"),
            ("ipvsadm-ng/parse.cpp", "<boost/program_options.hpp>"),
            ("ipvsadm-ng/run.cpp", "<sys/socket.h>"),
            ("sync/io/x.cpp", '"ipvs++/client.hpp"'),
            ("tests/unit/a.cpp", "<boost/asio.hpp>"),
        ]:
            with self.subTest(path=path, header=header):
                self.good(shape.includes, {path: f"#include {header}\n#include <vector>\n"})
        self.good(shape.includes, {"ipvsadm-ng/a.cpp": '#include "b.hpp"\n', "ipvsadm-ng/b.hpp": ""})

    def test_lengths(self):
        self.good(shape.lengths, {"a.cpp": "namespace n {\n" + function_of(60) + function_of(60) + "}\n"})
        self.bad(shape.lengths, {"a.cpp": "namespace n {\n" + function_of(61) + "}\n"}, "a.cpp:2: 61 lines")
        for head in [
            "class A {\n public:\n  A(int a) : a_{a}, b_{1, {2}} {",
            "struct A {\n  bool operator==(const A& other) const {",
            "template <class T>\nauto f(T t = {}) -> std::vector<T> {",
            'TEST_CASE("a name with { and (") {',
            "static void f() noexcept {",
        ]:
            with self.subTest(head=head):
                text = head + "\n" + "  x = {1, 2};\n" * 61 + "}\n" + ("};\n" if "A {" in head else "")
                self.assertEqual(len(faults(shape.lengths, {"a.cpp": text})), 1)
        for head in ["constexpr auto table = make({", "namespace [[a(\"b\")]] n {", "struct alignas(8) A {"]:
            with self.subTest(head=head):
                self.good(shape.lengths, {"a.cpp": head + "\n" + "  // a row\n" * 61 + "}\n"})
        self.good(shape.lengths, {"a.hpp": "\n" * 450})
        self.bad(shape.lengths, {"a.hpp": "\n" * 451}, "451 lines")

    def tool(self, options=(), page=(), completion=()):
        rows = "".join(f"    option('\\0', \"{name}\", none, Option::x, {{}}, \"\"),\n" for name in options)
        return {
            "ipvsadm-ng/grammar.cpp": rows,
            "man/ipvsadm-ng.8": ".TH A 8\n.SH OPTIONS\n" + "".join(f"\\-\\-{name}\n.br\n" for name in page),
            "ipvsadm-ng/completion": "".join(f"[{name}]=\n" for name in completion),
        }

    def test_options(self):
        many = [f"name-{'abcdefghijklmnopqrstuvwxyz'[i]}" for i in range(20)]
        self.good(shape.options, self.tool(many, many, many))
        self.bad(shape.options, self.tool(many, many[1:] + ["name-ab"], many), "ipvsadm-ng.8: --name-a does")
        self.bad(shape.options, self.tool(many, many, many[1:]), "completion: --name-a does")
        self.bad(shape.options, self.tool(), "only 0 options")

    def test_control(self):
        many = [a + b for a in "abcde" for b in "abcdefghijklmnopqrstuvwxyz"]
        ids = [word.upper() * 2 for word in many]
        files = {
            "keepalive/options.cpp": '  add("log", "");\n  add("daemon,d", "");\n',
            "keepalive/core/pools.cpp": "".join(f'  note({{.kind = "{word}", .object = x}});\n' for word in ids),
            "man/keepalive.8": ".TH A 8\n.SH A\n" + "\n.br\n".join([*ids, "\\-\\-log", "\\-\\-daemon", "\\-d"]) + "\n",
            "keepalive/ctl/parse.cpp": "".join(f'    Row{{Verb::x, "{word}", ""}},\n' for word in many)
            + '  add("watch,w", "");\n',
            "keepalive/core/routes.cpp": '    {Ask::status, "GET", "/v1/status", Allow::read},\n',
            "keepalive/core/explain.cpp": "".join(f'json.member("{word}", x);\n' for word in many),
            "keepalive/core/editing.cpp": 'json.member("version", x);\n',
            "keepalive/core/overview.cpp": 'json.member("sequence", x);\n',
            "keepalive/core/schema.cpp": 'json.member("sections", x);\n',
            "keepalive/core/report.cpp": 'json.array("list", [&] {});\n',
            "keepalive/core/status.cpp": 'teller.tell("drift", x);\n',
            "keepalive/core/metrics.cpp": '{"keepalive_a", "gauge", ""},\n{"keepalive_b", "counter", ""},\n',
            "man/keepalivectl.1": ".TH A 1\n.SH A\n" + "\n.br\n".join([*many, "\\-\\-watch", "\\-w"]) + "\n",
            "man/keepalive-api.7": ".TH A 7\n.SH A\n"
            + "\n.br\n".join([*many, "GET", "v1", "status", "version", "sequence", "sections", "list", "drift", "keepalive_a", "keepalive_b_total"])
            + "\n",
        }
        self.good(shape.control, files)
        for page, word in [
            ("man/keepalive.8", "EAEA"),
            ("man/keepalive.8", "\\-\\-log"),
            ("man/keepalive.8", "\\-d"),
            ("man/keepalivectl.1", "ea"),
            ("man/keepalivectl.1", "\\-w"),
            ("man/keepalivectl.1", "\\-\\-watch"),
            ("man/keepalive-api.7", "status"),
            ("man/keepalive-api.7", "list"),
            ("man/keepalive-api.7", "drift"),
            ("man/keepalive-api.7", "keepalive_b_total"),
        ]:
            with self.subTest(word=word):
                without = {**files, page: files[page].replace(f"\n{word}\n", "\nx\n")}
                self.bad(shape.control, without, f"{page}: {word} does".replace("\\", ""))
        self.bad(shape.control, {**files, "keepalive/ctl/parse.cpp": ""}, "only 0 words")

    def test_library(self):
        header = """/// Not me().
class [[nodiscard]] A final {
 public:
  A();
  static Result<A> open();
  int size() const { return hidden(); }
  friend bool operator==(const A&, const A&);

 private:
  int secret() const;
};
std::string to_string(const A& a);
"""
        page = ".TH A 3\n.SH SYNOPSIS\n"
        files = {"lib/ipvs++/include/ipvs++/a.hpp": header, "man/libipvs++.3": page + "open() size() to_string()\n"}
        self.good(shape.library, files)
        self.bad(shape.library, {**files, "man/libipvs++.3": page}, "open()", "size()", "to_string()")

    def test_configuration(self):
        files = {
            "keepalive/config/schema.cpp": '{"pool", "quorum", number<&Pool::quorum>(), "number", "1", "least",\n 1, 9},\n'
            '{"pool",\n "server",\n {&add},\n "server", "", "a\\\\b", "", 0, 0, true},\n',
            "keepalive/config/server_line.cpp": '    {"weight", &set},\n    {"on_up", &set},\n',
            "man/keepalive.conf.5": '.SS "[pool NAME]"\n.TP\n.BR quorum " = \\fInumber\\fP"\nDefault: 1.\n'
            '.TP\n.BR server " = \\fIserver\\fP"\n.SH SERVERS\n.BR weight " = x"\n.BR on_up ", " on_down\n',
        }
        page = files["man/keepalive.conf.5"]
        self.good(shape.configuration, files)
        for old, new, *faults in [
            ("Default: 1.", "Default: 2.", '"Default: 1."'),
            ("fInumber", "fItime", "of kind `number', not `time'"),
            ("BR quorum", "BR quorumm", "quorum does not stand", "quorumm is no key"),
            ("[pool NAME]", "[check NAME]", "[pool] quorum", "[pool] server", "[check] quorum", "[check] server"),
            (".BR weight", ".BR wait", "option weight"),
        ]:
            with self.subTest(new=new):
                self.bad(shape.configuration, {**files, "man/keepalive.conf.5": page.replace(old, new)}, *faults)
        self.bad(shape.configuration, {**files, "keepalive/config/schema.cpp": "", "man/keepalive.conf.5": page.partition(".SH")[2]}, "no keys", "weight", "on_up")

    def test_pages(self):
        page = ".TH A 8 2026-01-01\n.SH NAME\na \\- b\n"
        install = {"man/CMakeLists.txt": "a.8"}
        self.good(shape.pages, {**install, "man/a.8": page})
        self.assertIn("unknown macro", faults(shape.pages, {**install, "man/a.8": page + ".XYZ\n"})[0])
        self.bad(shape.pages, {"man/CMakeLists.txt": "", "man/a.8": page}, "does not install a.8")

    def test_scripts(self):
        self.good(shape.scripts, {"run": '#!/bin/bash\necho "$1"\n'})
        self.bad(shape.scripts, {"run": "#!/bin/bash\necho $1\n"}, "SC2086")

    def test_readme(self):
        head = "| folder | what |\n|---|---|\n"
        files = {"lib/a": "", "tests/unit/a": "", "tests/run": ""}
        good = head + "| `lib` | x |\n| `tests` | `unit` |\n\nSee `lib/a`.\n\n    tests/run   # all\n"
        self.good(shape.readme, {**files, "README.md": good})
        self.bad(shape.readme, {**files, "README.md": head + "| `lob` | x |\n"}, "lob")
        self.bad(shape.readme, {**files, "README.md": head + "| `tests` | `unit` `zoo` |\n"}, "tests/zoo")
        self.bad(shape.readme, {**files, "README.md": "See `lib/b`.\n"}, "lib/b")
        self.bad(shape.readme, {**files, "README.md": "\n    tests/walk\n"}, "tests/walk")

    def test_words(self):
        self.good(shape.words, {"a": "the /work of many\n"})
        self.bad(shape.words, {"a": "\n/" + "work/main\n"}, "a:2: ")
        self.bad(shape.words, {"a": "// see LAB" + ".md\n"}, "not here")
        self.bad(shape.words, {"a": "// TO" + "DO: all\n"}, "a note")

    def test_format(self):
        style = {".clang-format": "BasedOnStyle: Google\n"}
        self.good(shape.format_, {**style, "a.cpp": "int a = 1;\n"})
        self.bad(shape.format_, {**style, "a.cpp": "int  a=1;\n"}, "a.cpp:1")

    def test_sources(self):
        self.good(shape.sources, {"a/CMakeLists.txt": "add_executable(x b.cpp)", "a/b.cpp": "", "a/b.hpp": ""})
        self.good(shape.sources, {"CMakeLists.txt": "add_executable(x\n  a/b.cpp)", "a/b.cpp": ""})
        self.bad(shape.sources, {"a/CMakeLists.txt": "add_executable(x bb.cpp)", "a/b.cpp": ""}, "a/b.cpp")
        self.bad(shape.sources, {"a/CMakeLists.txt": "", "b/c.cpp": ""}, "b/c.cpp")


if __name__ == "__main__":
    unittest.main()
