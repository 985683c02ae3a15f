"""Servers on their bad days: whatever a server does, it leaves, is told, and comes back."""

import ssl
import subprocess
import threading
import time

import case
import world
from world import conf


def hang(peer):
    while peer.recv(4096):
        pass


def reset(peer):
    peer.recv(4096)
    peer.setsockopt(world.socket.SOL_SOCKET, world.socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")


def dribble(peer):
    for byte in b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nfine\n" * 100:
        peer.send(bytes([byte]))
        time.sleep(1)


def endless_headers(peer):
    peer.sendall(b"HTTP/1.1 200 OK\r\n")
    while True:
        peer.sendall(b"X-More: " + b"x" * 1000 + b"\r\n")


def endless_body(peer):
    peer.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 10737418240\r\n\r\n")
    while True:
        peer.sendall(b"x" * 65536)


class Servers(case.Case):
    def goes_and_returns(self, behave, evidence, **checked):
        self.server("10.9.0.12")
        bad = self.server("10.9.0.11", behave)
        daemon = self.daemon(conf(checked={"timeout": "2s", **checked}))
        self.until_table({"12": 1})
        self.assertRegex(daemon.wait_state("s1", "down"), evidence)
        down = daemon.wait_event("SERVER_DOWN")
        self.assertEqual((down["level"], down["object"]), ("alert", "p/s1"))
        self.assertRegex(down["cause"], evidence)
        bad.behave = world.answer()
        self.until_table({"11": 1, "12": 1})
        self.assertEqual(daemon.wait_event("SERVER_UP")["object"], "p/s1")

    def test_dies_and_comes_back(self):
        self.server("10.9.0.12")
        one = self.server("10.9.0.11")
        daemon = self.daemon(conf())
        self.until_table({"11": 1, "12": 1})
        daemon.wait_state("s1", "up")
        one.stop()
        self.until_table({"12": 1})
        self.assertRegex(daemon.wait_state("s1", "down"), "refused")
        one.start()
        self.until_table({"11": 1, "12": 1})
        self.assertEqual([event["kind"] for event in daemon.events() if event["object"] == "p/s1"][-2:],
                         ["SERVER_DOWN", "SERVER_UP"])

    def test_hangs(self):
        self.goes_and_returns(hang, "(?i)time|answer")

    def test_resets(self):
        self.goes_and_returns(reset, "(?i)reset")

    def test_answers_500(self):
        self.goes_and_returns(world.answer("500 Internal Server Error"), "500")

    def test_answers_one_byte_a_second(self):
        self.goes_and_returns(dribble, "(?i)time|answer")

    def test_sends_endless_headers(self):
        self.goes_and_returns(endless_headers, "(?i)header|long|large|limit")

    def test_sends_a_body_of_10_GB(self):
        self.goes_and_returns(endless_body, "(?i)body|long|large|limit")

    def test_quiesced_keeps_its_place_with_weight_0(self):
        self.server("10.9.0.12")
        one = self.server("10.9.0.11")
        self.daemon(conf(pool={"on_failure": "quiesce"}))
        self.until_table({"11": 1, "12": 1})
        one.stop()
        self.until_table({"11": 0, "12": 1})


class Certificates(case.Case):
    folder = world.pathlib.Path("/run/certificates")

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.folder.mkdir(exist_ok=True)
        for name, days, subject in [("good", "30", "web.example"), ("other", "30", "other.example"),
                                    ("expired", "-1", "web.example")]:
            (cls.folder / "names").write_text(f"subjectAltName=DNS:{subject}\n")
            key, request = cls.folder / f"{name}.key", cls.folder / "request"
            world.must("openssl", "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
                       "-subj", f"/CN={subject}", "-keyout", key, "-out", request)
            world.must("openssl", "x509", "-req", "-in", request, "-signkey", key, "-days", days,
                       "-extfile", cls.folder / "names", "-out", cls.folder / f"{name}.pem")
        (cls.folder / "ca.pem").write_text(
            "".join((cls.folder / f"{name}.pem").read_text() for name in ("good", "other", "expired")))

    def tls(self, name):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.folder / f"{name}.pem", self.folder / f"{name}.key")

        def behave(peer):
            with context.wrap_socket(peer.dup(), server_side=True) as secure:
                world.answer()(secure)
        return behave

    def found(self, name, **checked):
        server = self.server("10.9.0.11", self.tls(name))
        daemon = self.daemon(conf(1, checked={"type": "https", "ca": f"file:{self.folder}/ca.pem", "sni": "web.example",
                                              **checked}))
        return server, daemon

    def test_a_good_one_passes_and_an_expired_one_does_not(self):
        server, daemon = self.found("good")
        daemon.wait_state("s1", "up")
        server.behave = self.tls("expired")
        self.assertRegex(daemon.wait_state("s1", "down"), "(?i)expired")
        server.behave = self.tls("good")
        daemon.wait_state("s1", "up")

    def test_one_for_another_name_is_wrong(self):
        _, daemon = self.found("other")
        self.assertRegex(daemon.wait_state("s1", "down"), "(?i)name|match|mismatch")

    def test_one_of_an_unknown_authority_is_wrong_unless_nobody_cares(self):
        server, daemon = self.found("other", ca=f"file:{self.folder}/good.pem", sni="other.example")
        self.assertRegex(daemon.wait_state("s1", "down"), "(?i)self|verify|issuer")
        text = daemon.config.read_text().replace("sni =", "verify = no\nsni =")
        self.assertEqual(daemon.reload(text)[0], 200)
        daemon.wait_state("s1", "up")
        self.assertGreater(server.connections, 0)


def dns_answer(question, address="10.9.0.80", code=0):
    """An answer to the bytes of a question: one A record, or none with a code."""
    end = question.index(b"\0", 12) + 5
    count = b"\0\0" if code else b"\0\1"
    record = b"" if code else b"\xc0\x0c\0\1\0\1\0\0\0\x3c\0\4" + world.socket.inet_aton(address)
    return question[:2] + bytes([0x85, 0x80 | code]) + b"\0\1" + count + b"\0\0\0\0" + question[12:end] + record


class Names(case.Case):
    """Servers of names that lie."""

    LIES = [
        ("another address", lambda q: dns_answer(q, "10.9.0.66"), "answer is `10.9.0.66', wanted `10.9.0.80'"),
        ("no such name", lambda q: dns_answer(q, code=3), "NXDOMAIN"),
        ("a failure", lambda q: dns_answer(q, code=2), "SERVFAIL"),
        ("no records", lambda q: dns_answer(q)[:6] + b"\0\0" + dns_answer(q)[8:-16], "no answer holds `10.9.0.80'"),
        ("silence", lambda q: b"", "(?i)no answer|time"),
        ("garbage", lambda q: b"\xff" * 600, "(?i)no answer|time"),
        ("an answer that is cut", lambda q: dns_answer(q)[:-2], "(?i)no answer|time"),
        ("a name that refers to itself", lambda q: dns_answer(q)[:-16] + b"\xc0" + bytes([len(dns_answer(q)) - 16])
         + dns_answer(q)[-14:], "(?i)no answer|time"),
        ("somebody else's answer", lambda q: bytes([q[0] ^ 1]) + dns_answer(q)[1:], "(?i)no answer|time"),
        ("an answer to another question", lambda q: dns_answer(q).replace(b"example", b"exemple"), "(?i)no answer|time"),
    ]

    def start(self):
        """Answers questions with self.lie."""
        self.lie = dns_answer
        place = world.socket.socket(world.socket.AF_INET, world.socket.SOCK_DGRAM)
        place.bind(("10.9.0.11", 53))
        self.addCleanup(place.close)

        def serve():
            while True:
                try:
                    question, peer = place.recvfrom(4096)
                    answer = self.lie(question)
                    if answer:
                        place.sendto(answer, peer)
                except OSError:
                    return
        threading.Thread(target=serve, daemon=True).start()

    def test_every_lie_is_found_and_the_truth_too(self):
        self.start()
        daemon = self.daemon(conf(servers=["10.9.0.11:53 name=s1"], service={"address": "udp 10.9.0.1:53"},
                                  checked={"type": "dns", "query": "www.example.org", "record_type": "A",
                                           "expect": "10.9.0.80", "timeout": "300ms"}))
        prober = world.until(lambda: daemon.role("prober"), "a prober")
        for title, lie, evidence in self.LIES:
            with self.subTest(title):
                self.lie = dns_answer
                daemon.wait_state("s1", "up")
                self.lie = lie
                self.assertRegex(daemon.wait_state("s1", "down"), evidence)
        self.lie = dns_answer
        daemon.wait_state("s1", "up")
        self.assertEqual(world.table(), {"udp 10.9.0.1:53": {"10.9.0.11:53": 1}})
        self.assertEqual(daemon.role("prober"), prober)


def processes(mark):
    done = subprocess.run(["pgrep", "-f", mark], capture_output=True, text=True, check=False)
    return [int(pid) for pid in done.stdout.split()]


class Scripts(case.Case):
    def test_one_that_forks_and_hangs_is_killed_with_all_its_processes(self):
        track = world.notes("track")
        track.write_text("0\n")
        command = world.program("test -e /proc/$(tail -n 1 /run/track) && echo both at once >>/run/track\n"
                                "echo $$ >>/run/track\nsleep 98765 &\nsleep 98765\n")
        daemon = self.daemon(conf(1, checked={"type": "script", "command": command, "timeout": "1s"}))
        world.until(lambda: len(track.read_text().splitlines()) > 4, "it has run four times")
        self.assertRegex(daemon.wait_state("s1", "down"), "(?i)time|limit|long")
        self.assertNotIn("both at once", track.read_text())
        daemon.stop()
        world.until(lambda: not processes("sleep 98765"), "no process is left")

    def test_exit_codes_decide_and_give_weights(self):
        code = world.pathlib.Path("/run/code")
        code.write_text("12")
        command = world.program("read code </run/code\nexit $code\n")
        daemon = self.daemon(conf(1, checked={"type": "script", "command": command, "dynamic_weight": "yes"}))
        self.until_table({"11": 10})
        code.write_text("1")
        daemon.wait_state("s1", "down")
        self.until_table({})
        code.write_text("0")
        self.until_table({"11": 10})  # 0 says good, and nothing of the weight


class OneProbe(case.Case):
    def test_serves_many_services(self):
        server = self.server("10.9.0.11")
        more = "".join(world.section(f"virtual_server v{n}", {"address": f"10.9.0.1:{1000 + n}", "forward": "nat",
                                                           "pool": "p"})
                       for n in range(20))
        daemon = self.daemon(conf(1, checked={"interval": "1s"}) + more)
        daemon.wait_state("s1", "up")
        runs = daemon.servers()["s1"]["checks"][0]["runs"]
        self.assertEqual(len(world.table()), 21)
        world.until(lambda: daemon.servers()["s1"]["checks"][0]["runs"] >= runs + 3, "three more probes")
        before, runs = server.connections, daemon.servers()["s1"]["checks"][0]["runs"]
        self.assertIn(runs, range(before - 1, server.connections + 1))  # one may be under way

