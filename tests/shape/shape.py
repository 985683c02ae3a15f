#!/usr/bin/env python3
"""Checks the house itself: who includes whom, how long functions are, and that manual pages, completion, lists of
sources and README say what is there.

Usage: shape.py [--root FOLDER] [--program IPVSADM-NG] [CHECK...]        without CHECK: all of them
Prints a line for each fault, exits 1 if there is any; 77 if a tool that a check needs is missing."""

import argparse
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass, field

# ---- The table of rooms ----------------------------------------------------------------------------------------

# Kinds of headers; of several the first that fits an include counts. A header named in quotes that fits none is one
# of the room's own if it stands there.
KINDS = [
    ("client", r'"ipvs\+\+/client\.hpp"'),
    ("ipvs++", r'"ipvs\+\+/\w+(\+\+)?\.hpp"'),
    ("base/values", r'"base/(bytes|text)\.hpp"'),  # bytes and texts as values
    ("base", r'"base/[\w/]+\.hpp"'),
    ("sync/roles", r'"sync/roles\.hpp"'),
    ("sync/io", r'"sync/io/\w+\.hpp"'),
    ("sync", r'"sync/\w+\.hpp"'),
    ("core", r'"core/[\w/]+\.hpp"'),
    ("expected", r"<tl/expected\.hpp>"),
    ("program_options", r"<boost/program_options[\w/]*\.hpp>"),
    ("json", r"<boost/json[\w/]*\.hpp>"),
    ("asio", r"<boost/asio[\w/]*\.hpp>"),
    ("beast", r"<boost/beast[\w/]*\.hpp>"),
    ("boost", r"<boost/.*>"),
    ("libnl", r"<netlink/.*>"),
    ("ip_vs", r"<linux/(ip_vs|netlink|genetlink)\.h>"),
    ("linux", r"<linux/.*>"),
    ("rights", r"<cap-ng\.h>"),
    ("systemd", r"<systemd/.*>"),
    ("fmt", r"<fmt/.*>"),
    ("inih", r"<ini\.h>"),
    ("ncurses", r"<ncurses\.h>"),
    ("curl", r"<curl/.*>"),
    ("openssl", r"<openssl/.*>"),
    ("pcre2", r"<pcre2\.h>"),
    ("posix", r"<(sys/|net/|netinet/|arpa/)?\w+\.h>"),
    ("std", r"<\w+>"),
]

# Room, files, kinds that they may include beside their own and std. The first room that fits a file counts;
# a file of no room includes what it likes.
ROOMS = [
    ("the library's face", r"lib/ipvs\+\+/include/", "client ipvs++ expected"),
    ("the library", r"lib/ipvs\+\+/src/", "client ipvs++ expected libnl ip_vs posix"),
    ("base", r"lib/base/", "base base/values expected fmt inih posix"),
    ("ipvsadm-ng's grammar", r"ipvsadm-ng/(help|parse|grammar)\.", "client ipvs++ base expected fmt posix program_options"),
    ("ipvsadm-ng's JSON", r"ipvsadm-ng/(json|list)\.", "client ipvs++ base expected fmt posix json"),
    ("ipvsadm-ng's screen", r"ipvsadm-ng/watch\.", "client ipvs++ base expected fmt posix ncurses"),
    ("ipvsadm-ng", r"ipvsadm-ng/", "client ipvs++ base base/values expected fmt posix"),
    ("sync's rim", r"sync/(io/|main\.)", "client ipvs++ base base/values expected fmt posix linux asio json openssl sync sync/roles sync/io"),
    ("sync's cipher", r"sync/cipher\.", "base/values openssl sync"),
    ("sync's screen", r"sync/render\.", "ipvs++ fmt json sync"),
    ("sync's command line", r"sync/options\.", "ipvs++ base/values expected fmt posix program_options sync"),
    ("sync", r"sync/", "ipvs++ base/values expected fmt sync sync/roles"),
    ("keepalive's agent of sync", r"keepalive/syncer/", "base/values core posix asio rights linux sync sync/io"),
    ("keepalive's search by name", r"keepalive/core/(explain|find)\.", "ipvs++ base expected fmt core"),
    ("keepalive's seal", r"keepalive/core/vrrp/seal\.", "base/values openssl core"),
    ("keepalive's core", r"keepalive/core/", "ipvs++ sync/roles sync base/values expected fmt core"),
    ("keepalive's import", r"keepalive/import/", "ipvs++ base base/values expected fmt"),
    ("keepalive's configuration files", r"keepalive/config/files\.", "base expected fmt posix"),
    ("keepalive's regular expressions", r"keepalive/config/regex\.", "fmt pcre2"),
    ("keepalive's configuration", r"keepalive/config/", "ipvs++ sync/roles base base/values expected fmt core"),
    ("keepalive's monitor", r"keepalive/monitor/", "ipvs++ sync/roles base base/values expected fmt core posix asio json beast openssl"),
    ("keepalive's probes", r"keepalive/probe/", "ipvs++ sync/roles base expected fmt core posix asio curl openssl pcre2 base/values linux"),
    ("keepalive's sender", r"keepalive/sender/", "ipvs++ sync/roles base base/values expected fmt core posix asio curl"),
    ("keepalive's metrics", r"keepalive/metrics/", "ipvs++ sync/roles base base/values expected fmt core posix asio beast"),
    ("keepalivectl", r"keepalive/ctl/", "sync base base/values expected fmt core posix json asio beast program_options ncurses"),
    ("keepalive's control socket", r"keepalive/io/control\.", "base base/values expected fmt core posix asio beast"),
    ("keepalive's rights", r"keepalive/io/privilege\.", "posix rights"),
    ("keepalive under systemd", r"keepalive/io/service\.", "fmt posix systemd"),
    ("keepalive's network", r"keepalive/net/", "ipvs++ base base/values expected posix linux ip_vs asio"),
    ("keepalive's io", r"keepalive/io/", "client ipvs++ sync/roles base base/values expected fmt core posix linux asio"),
    ("the library's examples", r"examples/", "client ipvs++ expected"),
]

LONGEST_FUNCTION = 60
LONGEST_FILE = 450

# What a tracked file must not say: places of one machine, and notes that nobody else can read.
FORBIDDEN = [
    (re.compile("/" + r"work/\w"), "a path of one machine"),
    (re.compile("/" + r"home/\w+/"), "a path of one machine"),
    (re.compile("/" + r"root/\w"), "a path of one machine"),
    (re.compile("/tmp/" + r"bash_jobs"), "a path of one machine"),
    (re.compile(r"\b(IPVSADM|LAB|PEERS|WIRE|CONVENTIONS|ARCHITECTURE)" + r"\.md\b"), "a document that is not here"),
    (re.compile(r"\b(X" + r"XX|FIX" + r"ME|TO" + r"DO)\b"), "a note to oneself"),
]


# ---- The tree --------------------------------------------------------------------------------------------------


class MissingTool(Exception):
    pass


@dataclass
class Tree:
    root: str
    program: str = ""
    files: list = field(default_factory=list)  # paths below root
    texts: dict = field(default_factory=dict)

    def __post_init__(self):
        if os.path.exists(os.path.join(self.root, ".git")):
            command = ["git", "-C", self.root, "ls-files", "-co", "--exclude-standard"]
            listed = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split("\n")
        else:
            listed = [
                os.path.relpath(os.path.join(folder, name), self.root)
                for folder, _, names in os.walk(self.root)
                for name in names
            ]
        self.files = sorted(path for path in set(listed) if path and os.path.isfile(self.at(path)))

    def at(self, path):
        return os.path.join(self.root, path)

    def text(self, path):
        if path not in self.texts:
            with open(self.at(path), encoding="utf-8", errors="replace") as file:
                self.texts[path] = file.read()
        return self.texts[path]

    def cpp(self):
        return [path for path in self.files if path.endswith((".cpp", ".hpp"))]

    def pages(self):
        return [path for path in self.files if re.fullmatch(r"man/.+\.[1-8]", path)]


def run(*command, **more):
    if not shutil.which(command[0]):
        raise MissingTool(command[0])
    return subprocess.run(command, capture_output=True, text=True, check=False, **more)


def rendered(tree, page):
    """A manual page as it is read: plain text, words whole."""
    text = run("mandoc", "-Tutf8", "-Owidth=200", tree.at(page)).stdout
    return re.sub(r".\x08", "", text).replace("\N{HYPHEN}", "-")


# ---- C++, read roughly -----------------------------------------------------------------------------------------

IGNORED = re.compile(
    r"""//[^\n]*|/\*.*?\*/|R"(\w*)\(.*?\)\1"|"(?:\\.|[^"\\\n])*"|(?<![0-9a-fA-F])'(?:\\.|[^'\\\n])+'""", re.S
)


def code_only(text):
    """The text with comments and literals blanked, lines kept, preprocessor lines emptied."""

    def blank(found):
        return re.sub(r"[^\n]", " ", found[0])

    text = IGNORED.sub(blank, text)
    return re.sub(r"^[ \t]*#(?:[^\n]*\\\n)*[^\n]*", blank, text, flags=re.M)


def outside_parentheses(text):
    while True:
        shorter = re.sub(r"\([^()]*\)", "", text)
        if shorter == text:
            return text
        text = shorter


def opens_block(head):
    """In our format a block's brace stands behind a blank, an initialiser's behind a name or an operator."""
    return head[-1:].isspace() and not re.search(r"(=|,|\(|\{|return|\?|:)\s*$", head)


def is_function(head):
    """The head of a block: has parentheses, and is neither a value's nor a namespace's nor a type's."""
    bare = outside_parentheses(re.sub(r"\[\[.*?\]\]", "", head))
    bare = re.sub(r"operator\s*[=!<>+*/%&|^~-]+", "operator", bare)
    named = re.match(r"\s*(?:template\s*<.*?>\s*)?(?:inline\s+)?(?:namespace|class|struct|enum|union)\b", bare, re.S)
    return "(" in head and "=" not in bare and not named


def functions(text):
    """(first line, last line, head, body's start, body's end) of each function, not of those inside others."""
    code = code_only(text)
    found, stack, start = [], [], 0
    for place, char in enumerate(code):
        if char == "{":
            head = code[start:place]
            block = opens_block(head)
            inside = any(kind == "function" for kind, _, _ in stack)
            kind = "function" if block and not inside and is_function(head) else "block" if block else "value"
            begin = start + len(head) - len(head.lstrip())
            stack.append((kind, begin, place))
            if block:
                start = place + 1
        elif char == "}":
            kind, begin, opened = stack.pop() if stack else ("value", 0, 0)
            if kind == "function":
                lines = code.count("\n", 0, begin) + 1, code.count("\n", 0, place) + 1
                found.append((*lines, " ".join(code[begin:opened].split()), opened, place))
            if kind != "value":
                start = place + 1
        elif char == ";":
            start = place + 1
        elif code.startswith(("public:", "private:", "protected:"), place):
            start = place + code[place:].index(":") + 1
    return found


# ---- The checks: each yields its faults ------------------------------------------------------------------------


def kind_of(include):
    return next((kind for kind, pattern in KINDS if re.fullmatch(pattern, include)), "own")


def includes(tree):
    """the include table"""
    for path in tree.cpp():
        room = next((room for room in ROOMS if re.match(room[1], path)), None)
        if room is None:
            continue
        name, pattern, allowed = room
        for number, line in enumerate(tree.text(path).split("\n"), 1):
            found = re.match(r'\s*#\s*include\s*(<[^>]+>|"[^"]+")', line)
            if not found:
                continue
            kind = kind_of(found[1])
            folder = "/".join(path.split("/")[: pattern.count("/")])
            here = [os.path.dirname(path), folder, path.split("/")[0]]
            own = kind == "own" and any(f"{place}/{found[1][1:-1]}" in tree.files for place in here)
            if not own and kind not in ["std", *allowed.split()]:
                yield f"{path}:{number}: {name} may not include {found[1]}"


def lengths(tree):
    """length of files and functions; of the page's functions, tests/unit/monitor-page"""
    for path in tree.files:
        if path.endswith((".js", ".css")) and (lines := tree.text(path).count("\n")) > LONGEST_FILE:
            yield f"{path}: {lines} lines; at most {LONGEST_FILE}"
    for path in tree.cpp():
        text = tree.text(path)
        if (lines := text.count("\n")) > LONGEST_FILE:
            yield f"{path}: {lines} lines; at most {LONGEST_FILE}"
        for first, last, head, _, _ in functions(text):
            if last - first + 1 > LONGEST_FUNCTION:
                yield f"{path}:{first}: {last - first + 1} lines, at most {LONGEST_FUNCTION}: {head[:60]}"


def switches_of_grammar(tree):
    """--name and -letter of each row of the table in grammar.cpp."""
    text = tree.text("ipvsadm-ng/grammar.cpp")
    for letter, name in re.findall(r"""^    (?:ours\()?(?:command|option)\('(\\0|.)', (?:"([\w-]+)"|\{\})""", text, re.M):
        if name:
            yield f"--{name}"
        if letter != r"\0":
            yield f"-{letter}"


def switches_of_help(tree):
    text = run(tree.program, "--help").stdout
    for letter, name, alone in re.findall(r"^  (?:-(.) \[ --([\w-]+) \]|--([\w-]+))", text, re.M):
        yield f"--{name or alone}"
        if letter:
            yield f"-{letter}"


def options(tree):
    """each option stands in the manual page and in the completion"""
    wanted = set(switches_of_grammar(tree))
    if tree.program:
        wanted |= set(switches_of_help(tree))
    if len(wanted) < 20:
        yield f"ipvsadm-ng/grammar.cpp: only {len(wanted)} options found in it"
    page = rendered(tree, "man/ipvsadm-ng.8")
    completion = tree.text("ipvsadm-ng/completion")
    for switch in sorted(wanted):
        if not re.search(rf"(?<![\w-]){re.escape(switch)}(?![\w-])", page):
            yield f"man/ipvsadm-ng.8: {switch} does not stand there"
        if f"[{switch.lstrip('-')}]=" not in completion:
            yield f"ipvsadm-ng/completion: {switch} does not stand there"


def switches_of_keepalivectl(tree):
    """Commands and options, as the tables in parse.cpp have them."""
    text = tree.text("keepalive/ctl/parse.cpp")
    yield from re.findall(r'^    Row\{Verb::\w+, "([a-z]+)"', text, re.M)
    for name, letter in re.findall(r'^  add\("([\w-]+)(?:,(\w))?"', text, re.M):
        yield f"--{name}"
        if letter:
            yield f"-{letter}"


def words_of_api(tree):
    """Paths, members and metrics, as the tables and writers of the daemon have them."""
    for method, path in re.findall(r'^    \{Ask::\w+, "(GET|POST)", "(.*?)"', tree.text("keepalive/core/routes.cpp"), re.M):
        yield from (method, *re.findall(r"/(\w+)", path))
    for name in ("editing", "explain", "overview", "report", "schema", "status"):
        text = tree.text(f"keepalive/core/{name}.cpp")
        yield from re.findall(r'(?:\bjson\.(?:member|array|object)|\.tell)\("(\w+)"', text)
    text = tree.text("keepalive/core/metrics.cpp")
    for name, kind in re.findall(r'\{"(keepalive_\w+)",\s+"(gauge|counter)"', text):
        yield name + ("_total" if kind == "counter" else "")
    yield from re.findall(r'page\.add_histogram\("(keepalive_\w+)"', text)


def words_of_keepalive(tree):
    """Options, and the ids of messages wherever they are made."""
    for name, letter in re.findall(r'^  add\("([\w-]+)(?:,(\w))?"', tree.text("keepalive/options.cpp"), re.M):
        yield f"--{name}"
        if letter:
            yield f"-{letter}"
    for path in tree.cpp():
        if not path.startswith("keepalive/"):
            continue
        text = tree.text(path)
        for made in re.findall(r"\.kind = ([^,;}]*)", text) + re.findall(r"Level::\w+, ([^,;]*),", text):
            yield from re.findall(r'"([A-Z_]{4,})"', made)


def control(tree):
    """each option and message of the daemon, and each command, path, member and metric of its socket stands in its page"""
    for page, found, least in (
        ("man/keepalive.8", words_of_keepalive, 40),
        ("man/keepalivectl.1", switches_of_keepalivectl, 20),
        ("man/keepalive-api.7", words_of_api, 80),
    ):
        wanted = set(found(tree))
        if len(wanted) < least:
            yield f"{page}: only {len(wanted)} words found that it should have"
        text = rendered(tree, page)
        for word in sorted(wanted):
            if not re.search(rf"(?<![\w-]){re.escape(word)}(?![\w-])", text):
                yield f"{page}: {word} does not stand there"


def public_functions(text):
    """Names of the functions that a header declares for others, operators and constructors aside."""
    code = code_only(text)
    for _, _, _, opened, closed in functions(text):
        code = code[: opened + 1] + re.sub(r"[^\n]", " ", code[opened + 1 : closed]) + code[closed:]
    code = re.sub(r"\n private:.*?\n\};", "\n};", code, flags=re.S)
    code = re.sub(r"\[\[.*?\]\]", "", code)
    for line in code.split("\n"):
        for name in re.findall(r"[\w>&*]\s+([a-z_]\w*)\(", line):
            if name not in {"noexcept", "operator", "return", "requires"}:
                yield name


def library(tree):
    """each public function stands in libipvs++(3)"""
    page = "man/libipvs++.3"
    if page not in tree.files:
        return
    text = rendered(tree, page)
    for path in tree.cpp():
        if not path.startswith("lib/ipvs++/include/"):
            continue
        for name in sorted(set(public_functions(tree.text(path)))):
            if not re.search(rf"\b{name}\b", text):
                yield f"{page}: {name}() of {os.path.basename(path)} does not stand there"


# A row of the schema: section, key, codec, kind, default, help.
SCHEMA_ROW = re.compile(r'''\{"(\w+)",\s*"(\w+)",\s*[^"\s][^"]*"([^"]*)",\s*"([^"]*)",\s*"''')


def keys_of_page(text):
    """Section, key: kind, and what is said of it; from the page's source."""
    found, section, key = {}, "", ""
    for line in text.replace("\\-", "-").split("\n"):
        if opened := re.match(r'\.S[HS] "?(?:\[(\w+)(?: NAME)?\])?', line):
            section, key = opened[1] or "", ""
        elif section and (tag := re.match(r'\.BR (\w+) " = \\fI(.*)\\fP"$', line)):
            key = tag[1]
            found[section, key] = [tag[2], ""]
        elif key:
            found[section, key][1] += line + "\n"
    return found


def configuration(tree):
    """each key of the configuration stands in keepalive.conf(5) with its kind and default, and no other does"""
    schema, lines, page = "keepalive/config/schema.cpp", "keepalive/config/server_line.cpp", "man/keepalive.conf.5"
    more = [f"keepalive/config/{name}_keys.cpp" for name in ("vrrp", "heartbeat", "sync", "monitor")]
    text = "".join(tree.text(one) for one in (schema, *more) if os.path.exists(tree.at(one)))
    rows = {(row[0], row[1]): row[2:] for row in SCHEMA_ROW.findall(text)}
    if not rows:
        yield f"{schema}: no keys found in it"
    there = keys_of_page(tree.text(page))
    for (section, key), (kind, default) in rows.items():
        told_kind, text = there.get((section, key), ("", ""))
        if not told_kind:
            yield f"{page}: [{section}] {key} does not stand there"
        elif told_kind != kind:
            yield f"{page}: [{section}] {key} is of kind `{kind}', not `{told_kind}'"
        elif default and f"Default: {default}." not in text:
            yield f"{page}: [{section}] {key} does not say \"Default: {default}.\""
    for section, key in sorted(there.keys() - rows.keys()):
        yield f"{page}: [{section}] {key} is no key"
    servers = tree.text(page).partition(".SH SERVERS")[2].partition(".SH")[0]
    for option in re.findall(r'^    \{"(\w+)",', tree.text(lines), re.M):
        if not re.search(rf"^\.BR.*\b{option}\b", servers, re.M):
            yield f"{page}: the server's option {option} does not stand there"


def pages(tree):
    """manual pages are clean"""
    for page in tree.pages():
        yield from run("mandoc", "-Tlint", "-Wwarning", tree.at(page)).stdout.splitlines()
        if shutil.which("man"):
            warnings = run("man", "--warnings", "-l", tree.at(page), env={**os.environ, "MANPAGER": "cat", "MANWIDTH": "100"})
            yield from warnings.stderr.splitlines()
        if os.path.basename(page) not in tree.text("man/CMakeLists.txt"):
            yield f"man/CMakeLists.txt: does not install {os.path.basename(page)}"


def is_script(text):
    return re.match(r"#!.*\b(ba)?sh\b|# shellcheck shell=", text) is not None


def scripts(tree):
    """scripts pass shellcheck"""
    found = [path for path in tree.files if is_script(tree.text(path))]
    if found:
        checked = run("shellcheck", "-x", "-f", "gcc", *found, cwd=tree.root)
        yield from (checked.stdout + checked.stderr).splitlines()


def readme(tree):
    """README names only what exists"""
    for number, line in enumerate(tree.text("README.md").split("\n"), 1):
        words = re.findall(r"`([^`]+)`", line)
        first = re.match(r"\| `([\w/+.-]+)` \|", line)
        for word in words:
            path = word.rstrip("/")
            is_path = "/" in word and re.fullmatch(r"[\w.+/-]+", word) and not word.startswith(("/", "build/"))
            if is_path and not nearby(tree, path, first[1] if first else ""):
                yield f"README.md:{number}: there is no {word}"
        for word in re.findall(r"^    ((?:tests|examples|\.ci)/[\w/.-]+)", line):
            if not os.path.exists(tree.at(word)):
                yield f"README.md:{number}: there is no {word}"
    yield from map_of_folders(tree)


def nearby(tree, path, folder):
    return any(os.path.exists(tree.at(os.path.join(place, path))) for place in ("", folder))


def map_of_folders(tree):
    """Each row of the map is a folder, and so is each folder that its row names."""
    _, _, text = tree.text("README.md").partition("| folder |")
    for row in re.findall(r"^\| `([\w/+.-]+)` \| (.*) \|$", text.split("\n\n")[0], re.M):
        if not os.path.isdir(tree.at(row[0])):
            yield f"README.md: the map names {row[0]}, which is no folder"
        for word in re.findall(r"`([a-z][a-z-]*)`", row[1]) if row[0] == "tests" else []:
            if not os.path.isdir(tree.at(f"tests/{word}")):
                yield f"README.md: the map names tests/{word}, which is no folder"


def words(tree):
    """no file says what only one machine or person understands"""
    for path in tree.files:
        for number, line in enumerate(tree.text(path).split("\n"), 1):
            for pattern, what in FORBIDDEN:
                if found := pattern.search(line):
                    yield f"{path}:{number}: {found[0]}: {what}"


def format_(tree):
    """clang-format leaves C++ as it is"""
    # Compared by hand: --dry-run complains of attributes of namespaces that it would not change.
    for path in tree.cpp():
        wanted = run("clang-format", path, cwd=tree.root).stdout.split("\n")
        there = tree.text(path).split("\n")
        if wanted != there:
            same = next((i for i, (one, other) in enumerate(zip(wanted, there)) if one != other), 0)
            yield f"{path}:{same + 1}: clang-format would change it"


def sources(tree):
    """each .cpp stands in a CMakeLists.txt"""
    for path in tree.cpp():
        if path.endswith(".cpp") and not listed(tree, path):
            yield f"{path}: stands in no CMakeLists.txt"


def listed(tree, path):
    folder = os.path.dirname(path)
    while True:
        cmake = os.path.join(folder, "CMakeLists.txt")
        name = re.escape(os.path.relpath(path, folder or "."))
        if cmake in tree.files and re.search(rf"(?<![\w/.+-]){name}(?![\w.])", tree.text(cmake)):
            return True
        stem = re.escape(os.path.basename(path)[: -len(".cpp")])
        if cmake in tree.files and re.search(rf"foreach\([^)]*\b{stem}\b", tree.text(cmake)):
            return True
        if not folder:
            return False
        folder = os.path.dirname(folder)


CHECKS = {
    "includes": includes,
    "lengths": lengths,
    "options": options,
    "control": control,
    "library": library,
    "configuration": configuration,
    "pages": pages,
    "scripts": scripts,
    "readme": readme,
    "words": words,
    "format": format_,
    "sources": sources,
}


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("--root", default=os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", ".."))
    parser.add_argument("--program", default="")
    parser.add_argument("checks", nargs="*", default=list(CHECKS))
    given = parser.parse_args()
    tree = Tree(os.path.realpath(given.root), given.program and os.path.abspath(given.program))
    faults, missing = 0, 0
    for name in given.checks:
        try:
            found = list(CHECKS[name](tree))
        except MissingTool as tool:
            print(f"SKIPPED: {name}: {tool} is not installed", file=sys.stderr)
            missing += 1
            continue
        for fault in found:
            print(f"{name}: {fault}")
        faults += len(found)
    return 1 if faults else 77 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
