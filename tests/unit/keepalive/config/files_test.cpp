#include "config/files.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>

#include "texts.hpp"

namespace files_test {

using namespace keepalive;

namespace {

/// A folder that goes away with its files.
class Folder {
 public:
  Folder() { REQUIRE(mkdtemp(path_.data()) != nullptr); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() {
    for (const std::string& path : files_) unlink(path.c_str());
    rmdir(path_.c_str());
  }
  std::string file(const std::string& name, const std::string& text, mode_t mode = 0644) {
    files_.push_back(path_ + "/" + name);
    std::ofstream{files_.back()} << text;
    REQUIRE(chmod(files_.back().c_str(), mode) == 0);
    return files_.back();
  }
  const std::string& path() const { return path_; }

 private:
  std::string path_ =
      (std::getenv("TMPDIR") != nullptr ? std::string{std::getenv("TMPDIR")} : "/tmp") + "/config-XXXXXX";
  std::vector<std::string> files_ = {};
};

std::string text(const tl::expected<std::string, std::string>& read) { return read ? *read : "error: " + read.error(); }

}  // namespace

TEST_CASE("files are read whole") {
  Folder folder;
  const Files files;
  const std::string large(300'000, 'x');
  CHECK(text(files.read(folder.file("a", large))) == large);
  CHECK(text(files.read(folder.file("b", ""))).empty());
  CHECK(text(files.read(folder.path() + "/none")) == "error: No such file or directory");
  CHECK(text(files.read(folder.path())) == "error: no regular file");
  CHECK(text(files.read("/dev/zero")) == "error: no regular file");
}

TEST_CASE("a secret is read when its owner alone may read it") {
  Folder folder;
  const Files files;
  for (const mode_t mode : {0600U, 0400U, 0700U}) {
    CAPTURE(mode);
    CHECK(text(files.read_secret(folder.file("good" + std::to_string(mode), "s", mode))) == "s");
  }
  CHECK(text(files.read_secret(folder.file("a", "s", 0644))) == "error: others may read it (mode 644): chmod 600");
  CHECK(text(files.read_secret(folder.file("b", "s", 0640))) == "error: others may read it (mode 640): chmod 600");
  CHECK(text(files.read_secret(folder.file("c", "s", 0602))) == "error: others may read it (mode 602): chmod 600");
}

TEST_CASE(
    "secrets come into the configuration without blanks and line ends behind them; what others may read is a fault") {
  Folder folder;
  const std::string open = folder.file("open", "secret\n", 0640);
  const std::string closed = folder.file("closed", "secret\n", 0600);
  const std::string empty = folder.file("empty", "\n", 0600);
  const std::string ca = folder.file("ca", test::pem("CERTIFICATE"));
  const auto with = [&](const std::string& secret) {
    return "[check c]\ntype = https\nca = file:" + ca + "\nlogin = x\npassword = file:" + secret + "\n";
  };
  const Files files;
  const auto config = load(folder.file("good.conf", with(closed)), files, {});
  REQUIRE(config);
  CHECK(config->checks[0].password == "secret");
  CHECK(config->checks[0].ca == test::pem("CERTIFICATE"));
  const auto ended = load(folder.file("ended.conf", with(folder.file("ended", "a secret \t\r\n\n", 0600))), files, {});
  REQUIRE(ended);
  CHECK(ended->checks[0].password == "a secret");
  const auto faulty = load(folder.file("bad.conf", with(open)), files, {});
  REQUIRE(!faulty);
  CHECK(faulty.error().front().text == "password: cannot read " + open + ": others may read it (mode 640): chmod 600");
  const auto void_of = load(folder.file("void.conf", with(empty)), files, {});
  REQUIRE(!void_of);
  CHECK(void_of.error().front().text == "password: " + empty + " is empty");
}

TEST_CASE("what was read and found is remembered, and gives the same configuration again") {
  Folder folder;
  folder.file("a.part", "[check a]\ntype = https\ncertificate = file:" + folder.file("cert", test::pem("CERTIFICATE")) +
                            "\nkey = file:" + folder.file("key", test::pem("EC PRIVATE KEY"), 0600) + "\n");
  folder.file("b.part", "[pool p]\ncheck = a\nserver = 10.0.0.1:443\n");
  const std::string main = folder.file("main.conf", "[global]\ninclude = *.part\ninclude = none*\n");
  const Files files;
  const auto config = load(main, files, {});
  if (!config) FAIL(base::render(config.error()));
  CHECK(files.memory().globs == std::map<std::string, std::vector<std::string>>{
                                    {folder.path() + "/*.part", {folder.path() + "/a.part", folder.path() + "/b.part"}},
                                    {folder.path() + "/none*", {}}});
  CHECK(files.memory().texts.size() == 5);
  CHECK(files.memory().sources == std::vector<std::string>{main, folder.path() + "/a.part", folder.path() + "/b.part"});
  const auto again = load(main, Remembered{files.memory()}, {});
  REQUIRE(again);
  CHECK(*again == *config);
  CHECK(text(Remembered{{}}.read("x")) == "error: No such file or directory");
}

TEST_CASE("a file that only a variable names is read, too") {
  Folder folder;
  const std::string ca = folder.file("ca", test::pem("CERTIFICATE"));
  const std::string main = folder.file("main.conf", "[check a]\ntype = https\nca = ${CA}\n");
  const Files files;
  read_all(main, files, {{"CA", "file:" + ca}});
  CHECK(files.memory().texts.contains(ca));
}

TEST_CASE("a file by two spellings is one, and a circle is found by whatever name") {
  Folder folder;
  folder.file("a.part", "[check a]\ntype = tcp\n");
  const std::string name = folder.path().substr(folder.path().rfind('/') + 1);
  const std::string twice =
      folder.file("twice.conf", "[global]\ninclude = a.part\ninclude = ./a.part\ninclude = ../" + name + "/a.*\n");
  const Files files;
  const auto config = load(twice, files, {});
  if (!config) FAIL(base::render(config.error()));
  CHECK(config->checks.size() == 1);
  const auto again = load(twice, Remembered{files.memory()}, {});
  REQUIRE(again);
  CHECK(*again == *config);
  const auto circle = load(folder.file("c.conf", "[global]\ninclude = ./c.conf\n"), files, {});
  REQUIRE(!circle);
  CHECK(circle.error().front().text == folder.path() + "/./c.conf includes itself");
}

TEST_CASE("a folder that cannot be looked into is a fault, and is remembered as one") {
  if (geteuid() == 0) return;  // root looks into all
  Folder folder;
  const std::string closed = folder.path() + "/closed";
  REQUIRE(mkdir(closed.c_str(), 0) == 0);
  const std::string main = folder.file("main.conf", "[global]\ninclude = closed/*.conf\n");
  const Files files;
  const std::string fault = "cannot look for " + closed + "/*.conf: Permission denied";
  const auto config = load(main, files, {});
  rmdir(closed.c_str());
  REQUIRE(!config);
  CHECK(config.error().front().text == fault);
  const auto again = load(main, Remembered{files.memory()}, {});
  REQUIRE(!again);
  CHECK(again.error().front().text == fault);
}

TEST_CASE("the environment as it is") {
  setenv("KEEPALIVE_TEST_NAME", "a=b", 1);
  CHECK(environment()["KEEPALIVE_TEST_NAME"] == "a=b");
}

TEST_CASE("a file that is read for what it holds is no source, though it is included, too") {
  Folder folder;
  const std::string secret = folder.file("secret", "# s3cret\n", 0600);
  const std::string main = folder.file(
      "main.conf", "[global]\ninclude = secret\n[check c]\ntype = http\nlogin = x\npassword = file:" + secret + "\n");
  const Files files;
  const auto config = load(main, files, {});
  CHECK(files.memory().sources == std::vector{main});
}

TEST_CASE("texts may stand in for what the files hold; only for configuration") {
  Folder folder;
  const std::string secret = folder.file("secret", "s3cret\n", 0600);
  const std::string main = folder.file("main.conf", "[global]\n");
  const std::string text = "[check c]\ntype = http\nlogin = x\npassword = file:" + secret + "\n";
  const Files files{{{main, text}, {secret, "other"}}};
  const auto config = load(main, files, {});
  if (!config) FAIL(base::render(config.error()));
  CHECK(config->checks[0].password == "s3cret");
  CHECK(files.memory().texts.at(main) == text);
}

}  // namespace files_test
