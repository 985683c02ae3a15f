"""Services of every kind, from the file to the kernel: each row is sections of a file and what the kernel holds then,
as `ipvsadm-ng -S -n` tells it."""

import case
import world
from world import section

POOLS = {"p": ["10.9.0.11:80", "10.9.0.12:80"], "p6": ["[fd09::11]:80", "[fd09::12]:80"],
         "bare": ["10.9.0.11", "10.9.0.12"], "bare6": ["[fd09::11]"], "one": ["10.9.0.11:80"],
         "one53": ["10.9.0.11:53"], "one6": ["[fd09::11]:80"]}


def file(*sections, **pools):
    """A file of the pools above and of `pools`, which are servers or keys, and the services."""
    named = {**POOLS, **pools}
    return (section("global", {"drift_interval": "100ms"})
            + "".join(section(f"pool {name}", keys if isinstance(keys, dict) else {"server": keys})
                      for name, keys in named.items())
            + "".join(sections))


def service(name="v", pool="one", **keys):
    return section(f"virtual_server {name}", {"pool": pool, **keys})


def rr(**keys):
    return service(**{"scheduler": "rr", "forward": "nat", **keys})


KINDS = [
    ("a packet mark, IPv4", [rr(fwmark="7", pool="bare")],
     "-A -f 7 -s rr\n-a -f 7 -r 10.9.0.11:0 -m -w 1\n-a -f 7 -r 10.9.0.12:0 -m -w 1\n"),
    ("a packet mark, IPv6", [rr(fwmark="7", family="ipv6", pool="bare6")],
     "-A -f 7 -6 -s rr\n-a -f 7 -6 -r [fd09::11]:0 -m -w 1\n"),
    ("one mark for both families", [rr(fwmark="7"), rr(name="w", fwmark="7", family="ipv6", pool="one6")],
     "-A -f 7 -s rr\n-a -f 7 -r 10.9.0.11:80 -m -w 1\n-A -f 7 -6 -s rr\n-a -f 7 -6 -r [fd09::11]:80 -m -w 1\n"),
    ("IPv6", [rr(address="[fd09::1]:80", pool="p6")],
     "-A -t [fd09::1]:80 -s rr\n-a -t [fd09::1]:80 -r [fd09::11]:80 -m -w 1\n-a -t [fd09::1]:80 -r [fd09::12]:80 -m -w 1\n"),
    ("UDP", [rr(address="10.9.0.1:53", protocol="udp", pool="bare")],
     "-A -u 10.9.0.1:53 -s rr\n-a -u 10.9.0.1:53 -r 10.9.0.11:53 -m -w 1\n-a -u 10.9.0.1:53 -r 10.9.0.12:53 -m -w 1\n"),
    ("SCTP", [rr(address="sctp 10.9.0.1:80")],
     "-A --sctp-service 10.9.0.1:80 -s rr\n-a --sctp-service 10.9.0.1:80 -r 10.9.0.11:80 -m -w 1\n"),
    ("three protocols at one address", [rr(address="10.9.0.1:80, udp 10.9.0.1:80, sctp 10.9.0.1:80")],
     "".join(f"-A {o} 10.9.0.1:80 -s rr\n-a {o} 10.9.0.1:80 -r 10.9.0.11:80 -m -w 1\n"
             for o in ("-t", "-u", "--sctp-service"))),
    ("every port", [rr(address="10.9.0.1", persistence="5m", pool="bare")],
     "-A -t 10.9.0.1:0 -s rr -p 300\n-a -t 10.9.0.1:0 -r 10.9.0.11:0 -m -w 1\n-a -t 10.9.0.1:0 -r 10.9.0.12:0 -m -w 1\n"),
    ("one packet", [rr(address="udp 10.9.0.1:53", one_packet="yes", pool="one53")],
     "-A -u 10.9.0.1:53 -s rr -o\n-a -u 10.9.0.1:53 -r 10.9.0.11:53 -m -w 1\n"),
    ("persistence by network", [rr(address="10.9.0.1:80", persistence="60s", persistence_mask="255.255.255.0")],
     "-A -t 10.9.0.1:80 -s rr -p 60 -M 255.255.255.0\n-a -t 10.9.0.1:80 -r 10.9.0.11:80 -m -w 1\n"),
    ("persistence by prefix, IPv6", [rr(address="[fd09::1]:80", persistence="60s", persistence_mask="64", pool="one6")],
     "-A -t [fd09::1]:80 -s rr -p 60 -M 64\n-a -t [fd09::1]:80 -r [fd09::11]:80 -m -w 1\n"),
    ("persistence of calls", [rr(address="udp 10.9.0.1:5060", persistence="60s", persistence_engine="sip",
                                 one_packet="yes", pool="bare")],
     "-A -u 10.9.0.1:5060 -s rr -p 60 --pe sip -o\n"
     + "".join(f"-a -u 10.9.0.1:5060 -r 10.9.0.{n}:5060 -m -w 1\n" for n in (11, 12))),
    ("flags of sh", [rr(address="10.9.0.1:80", scheduler="sh", scheduler_flags="sh-fallback, sh-port")],
     "-A -t 10.9.0.1:80 -s sh -b sh-fallback,sh-port\n-a -t 10.9.0.1:80 -r 10.9.0.11:80 -m -w 1\n"),
    ("flags of mh", [rr(address="10.9.0.1:80", scheduler="mh", scheduler_flags=["mh-fallback", "mh-port"])],
     "-A -t 10.9.0.1:80 -s mh -b mh-fallback,mh-port\n-a -t 10.9.0.1:80 -r 10.9.0.11:80 -m -w 1\n"),
    ("flags by number", [rr(address="10.9.0.1:80", scheduler="wlc", scheduler_flags="flag-3")],
     "-A -t 10.9.0.1:80 -s wlc -b flag-3\n-a -t 10.9.0.1:80 -r 10.9.0.11:80 -m -w 1\n"),
    ("ranges of addresses and ports", [rr(address="10.9.0.1-2:80-81")],
     "".join(f"-A -t {a} -s rr\n-a -t {a} -r 10.9.0.11:80 -m -w 1\n"
             for a in ("10.9.0.1:80", "10.9.0.1:81", "10.9.0.2:80", "10.9.0.2:81"))),
]

METHODS = [
    ("nat to another port", [rr(address="10.9.0.1:80", pool="s")], ["10.9.0.11:8080"],
     ["10.9.0.11:8080 -m -w 1"]),
    ("direct routing", [rr(address="10.9.0.1:80", forward="dr")], None, ["10.9.0.11:80 -g -w 1"]),
    ("ipip", [rr(address="10.9.0.1:80", forward="tunnel")], None, ["10.9.0.11:80 -i -w 1 --tun-type ipip"]),
    ("gue", [rr(address="10.9.0.1:80", forward="tunnel", tunnel="gue", tunnel_port="6080")], None,
     ["10.9.0.11:80 -i -w 1 --tun-type gue --tun-port 6080 --tun-nocsum"]),
    ("gue with checksums", [rr(address="10.9.0.1:80", forward="tunnel", tunnel="gue", tunnel_port="6080",
                               tunnel_checksum="yes")], None,
     ["10.9.0.11:80 -i -w 1 --tun-type gue --tun-port 6080 --tun-csum"]),
    ("gue with remote checksums", [rr(address="10.9.0.1:80", forward="tunnel", tunnel="gue", tunnel_port="6080",
                                      tunnel_checksum="remote")], None,
     ["10.9.0.11:80 -i -w 1 --tun-type gue --tun-port 6080 --tun-remcsum"]),
    ("gre", [rr(address="10.9.0.1:80", forward="tunnel", tunnel="gre")], None,
     ["10.9.0.11:80 -i -w 1 --tun-type gre --tun-nocsum"]),
    ("gre with checksums", [rr(address="10.9.0.1:80", forward="tunnel", tunnel="gre", tunnel_checksum="yes")], None,
     ["10.9.0.11:80 -i -w 1 --tun-type gre --tun-csum"]),
    ("another family through tunnels", [rr(address="10.9.0.1:80", forward="tunnel", pool="s")],
     ["10.9.0.11:80", "[fd09::11]:80"], ["10.9.0.11:80 -i -w 1 --tun-type ipip", "[fd09::11]:80 -i -w 1 --tun-type ipip"]),
    ("servers of their own", [rr(address="10.9.0.1:80", forward="dr", pool="s")],
     ["10.9.0.11:80 weight=3 upper=100 lower=50", "10.9.0.12:80 forward=nat weight=0",
      "10.9.0.13:80 forward=tunnel tunnel=gue tunnel_port=7 tunnel_checksum=yes", "10.9.0.14:80 forward=tunnel"],
     ["10.9.0.11:80 -g -w 3 -x 100 -y 50", "10.9.0.12:80 -m -w 0",
      "10.9.0.13:80 -i -w 1 --tun-type gue --tun-port 7 --tun-csum", "10.9.0.14:80 -i -w 1 --tun-type ipip"]),
]


class Rows(case.Case):
    def holds(self, daemon, text, wanted):
        """The file takes effect, and what the kernel made of it counts as what the file wants."""
        self.assertEqual(daemon.reload(text)[0], 200)
        self.assertEqual(sorted(world.ipvsadm("-S", "-n").splitlines()), sorted(wanted.splitlines()))
        self.assertEqual(daemon.status()["refusals"], [])
        self.assertEqual(daemon.must("GET", "/v1/plan")["changes"], [])
        self.healed(daemon)

    def healed(self, daemon):
        """Flushed, the table comes back; that it came back whole, nothing else was ever to repair."""
        held, told = world.ipvsadm("-S", "-n"), len(daemon.events("DRIFT_REPAIRED"))
        world.ipvsadm("-C")
        world.until(lambda: world.ipvsadm("-S", "-n") == held, lambda: f"{held} again; now {world.ipvsadm('-S', '-n')}")
        daemon.wait_event("DRIFT_REPAIRED", told + held.count("\n"))
        self.assertEqual(len(daemon.events("DRIFT_REPAIRED")), told + held.count("\n"))


class Kinds(Rows):
    def test_services(self):
        daemon = self.daemon(file(rr(address="10.9.0.1:1")))
        for title, sections, wanted in KINDS:
            with self.subTest(title):
                self.holds(daemon, file(*sections), wanted)

    def test_schedulers(self):
        daemon = self.daemon(file(rr(address="10.9.0.1:1")))
        for scheduler in "rr wrr lc wlc lblc lblcr dh sh sed nq fo ovf mh".split():
            with self.subTest(scheduler):
                self.holds(daemon, file(rr(address="10.9.0.1:80", scheduler=scheduler)),
                           f"-A -t 10.9.0.1:80 -s {scheduler}\n-a -t 10.9.0.1:80 -r 10.9.0.11:80 -m -w 1\n")

    def test_all_at_once_and_gone_at_stop(self):
        rows = [row for number, row in enumerate(KINDS) if number in (0, 3, 4, 5, 7, 9, 11)]
        sections = [one.replace("[virtual_server v]", f"[virtual_server v{n}]")
                    for n, (_, list_, _) in enumerate(rows) for one in list_]
        daemon = self.daemon(file(*sections))
        wanted = "".join(text for _, _, text in rows)
        self.assertEqual(sorted(world.ipvsadm("-S", "-n").splitlines()), sorted(wanted.splitlines()))
        self.assertEqual(daemon.stop(), 0)
        self.assertEqual(world.ipvsadm("-S", "-n"), "")


class Methods(Rows):
    def test_of_forwarding(self):
        daemon = self.daemon(file(rr(address="10.9.0.1:1")))
        for title, sections, servers, wanted in METHODS:
            with self.subTest(title):
                self.holds(daemon, file(*sections, **({"s": servers} if servers else {})),
                           "-A -t 10.9.0.1:80 -s rr\n" + "".join(f"-a -t 10.9.0.1:80 -r {one}\n" for one in wanted))

    def test_local_and_bypass(self):
        # ipvsadm's own words lack them.
        daemon = self.daemon(file(rr(address="10.9.0.1:80", forward="local"),
                                  rr(name="w", address="10.9.0.1:81", forward="bypass", pool="bare")))
        found = {name: [one["forwarding"] for one in entry["destinations"]] for name, entry in world.services().items()}
        self.assertEqual(found, {"tcp 10.9.0.1:80": ["local"], "tcp 10.9.0.1:81": ["bypass", "bypass"]})
        self.assertEqual(daemon.must("GET", "/v1/plan")["changes"], [])


class Edits(case.Case):
    """A reload that alters one thing is one edit; connections and counters of the service stay."""

    def edited(self, before, after, change, wanted):
        daemon = self.daemon(before)
        daemon.configure(after)
        plan = daemon.must("GET", "/v1/plan")["changes"]
        self.assertEqual([one["change"] for one in plan], [change])
        self.assertEqual(daemon.must("POST", "/v1/reload")["changes"], 1)
        self.assertEqual(world.ipvsadm("-S", "-n"), wanted)
        daemon.stop()

    def test_thresholds(self):
        one = rr(address="10.9.0.1:80", pool="s")
        head = "-A -t 10.9.0.1:80 -s rr\n-a -t 10.9.0.1:80 -r 10.9.0.11:80 -m -w 1"
        self.edited(file(one, s=["10.9.0.11:80"]), file(one, s=["10.9.0.11:80 upper=9 lower=3"]),
                    "edit_destination", f"{head} -x 9 -y 3\n")
        self.edited(file(one, s=["10.9.0.11:80 upper=9 lower=3"]), file(one, s=["10.9.0.11:80 upper=9 lower=4"]),
                    "edit_destination", f"{head} -x 9 -y 4\n")
        self.edited(file(one, s=["10.9.0.11:80 upper=9 lower=3"]), file(one, s=["10.9.0.11:80"]),
                    "edit_destination", f"{head}\n")

    def test_a_service(self):
        one = {"address": "10.9.0.1:80"}
        server = "-a -t 10.9.0.1:80 -r 10.9.0.11:80 -m -w 1\n"
        self.edited(file(rr(**one)), file(rr(**one, scheduler="wlc")), "edit_service",
                    "-A -t 10.9.0.1:80 -s wlc\n" + server)
        self.edited(file(rr(**one)), file(rr(**one, persistence="5m")), "edit_service",
                    "-A -t 10.9.0.1:80 -s rr -p 300\n" + server)
        self.edited(file(rr(**one, persistence="5m")), file(rr(**one)), "edit_service",
                    "-A -t 10.9.0.1:80 -s rr\n" + server)
        self.edited(file(rr(**one, scheduler="sh", scheduler_flags="sh-port")), file(rr(**one, scheduler="sh")),
                    "edit_service", "-A -t 10.9.0.1:80 -s sh\n" + server)

    def test_the_way_to_a_server(self):
        self.edited(file(rr(address="10.9.0.1:80")), file(rr(address="10.9.0.1:80", forward="dr")), "edit_destination",
                    "-A -t 10.9.0.1:80 -s rr\n-a -t 10.9.0.1:80 -r 10.9.0.11:80 -g -w 1\n")
        one = {"address": "10.9.0.1:80", "forward": "tunnel"}
        self.edited(file(rr(**one)), file(rr(**one, tunnel="gue", tunnel_port="6")), "edit_destination",
                    "-A -t 10.9.0.1:80 -s rr\n"
                    "-a -t 10.9.0.1:80 -r 10.9.0.11:80 -i -w 1 --tun-type gue --tun-port 6 --tun-nocsum\n")
